// What is done to one input, an order's id. A job is found by name and built from plain settings, because a
// worker thread cannot receive a closure: both sides build the same job from the same data.
import type { Task } from '../approaches/task.ts';
import type { Conditions } from '../api/conditions.ts';

/**
 * What a job's tasks spend their time on: they wait for the network or a disk, or they compute on a core. For the
 * reader's own work this is measured (see `nature.ts`).
 */
export type Kind = 'io' | 'cpu' | 'own';

export type IoJobName = 'fetch-order' | 'save-order';
export type CpuJobName = 'price-order';
export type JobName = IoJobName | CpuJobName;
export type Network = 'loopback' | 'intercepted';

/** What every job needs that asks the API. */
export interface ApiSettings {
  readonly kind: 'io';
  readonly network: Network;
  /** Where the API is: the loopback server's origin, or the one msw intercepts. */
  readonly origin: string;
  /** The most sockets of one session. */
  readonly connections: number;
  /** How the API behaves; only the intercepted network needs it here, a server has its own. */
  readonly conditions: Conditions;
  /** Shared counts of the intercepted API. */
  readonly counters?: SharedArrayBuffer;
  /** How long one request may take, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats after failures that may pass, for the whole run: shared memory that all threads draw from. */
  readonly retries?: SharedArrayBuffer;
  /** A refusal (429 or 503) is not repeated out of `retries`: the approach does that itself. */
  readonly refusedIsFinal?: boolean;
}

export interface FetchOrderSettings extends ApiSettings {
  readonly job: 'fetch-order';
  /** Whether the task returns the answer's text as it came, for somebody else to write, and not the order in it. */
  readonly asText?: boolean;
}

export interface SaveOrderSettings extends ApiSettings {
  readonly job: 'save-order';
  /** Where the files are written. */
  readonly folder: string;
  /** Whether to keep the files that are there, since each is whole, and to fetch only the rest. */
  readonly resume?: boolean;
}

export interface PriceOrderSettings {
  readonly kind: 'cpu';
  readonly job: 'price-order';
  /** The work in one task; `calibrate` says how many rounds make a millisecond here. */
  readonly rounds: number;
  /** What those rounds cost in CPU time, in milliseconds. */
  readonly costMs: number;
}

/** A module of the reader's. */
export interface OwnJobSettings extends Telling {
  readonly kind: 'own';
  readonly job: 'own-work';
  /** Absolute paths: of the module, and of the file of `--inputs`, which takes the place of the module's own inputs. */
  readonly path: string;
  readonly inputsPath?: string | undefined;
  /** The most inputs to draw. */
  readonly inputs: number;
  /** What a task takes, in milliseconds, as far as it is known; it decides how many inputs go into one message. */
  readonly costMs: number;
  /** Whether a task keeps its thread busy all the time, as far as it is known. */
  readonly computes?: boolean;
  /** How long one task may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats after failures that may pass, for the whole run: shared memory that all threads draw from. */
  readonly retries?: SharedArrayBuffer;
}

export type IoJobSettings = FetchOrderSettings | SaveOrderSettings;
export type CpuJobSettings = PriceOrderSettings;
/** What the project brings along, found by its name. */
export type NamedJobSettings = (IoJobSettings | CpuJobSettings) & Telling;

interface Telling {
  /** Whether each task tells its start and its end to whoever started this process, in the words of `Told`. */
  readonly tells?: boolean;
}

/** Everything a job needs, as plain data that a process or a thread can be sent. */
export type JobSettings = NamedJobSettings | OwnJobSettings;

export interface OpenJob<Output, Input = number> extends AsyncDisposable {
  /** If the job computes, this is a plain synchronous function. */
  readonly task: Task<Input, Output>;
}

/** What is known of a job before it is opened. */
export interface Job {
  readonly kind: Kind;
  readonly summary: string;
}
