// What is done to one input, an order's id. A job is found by name and built from plain settings, because a
// worker thread cannot receive a closure: both sides build the same job from the same data.
import type { Task } from '../approaches/task.ts';
import type { Conditions } from '../api/conditions.ts';

export type JobName = 'fetch-order' | 'save-order' | 'price-order';
export type Network = 'loopback' | 'intercepted';

/** Everything a job may need, as plain data that a process or a thread can be sent. */
export interface JobSettings {
  readonly job: JobName;
  readonly network: Network;
  /** Where the API is: the loopback server's origin, or the one msw intercepts. */
  readonly origin: string;
  /** The most sockets of one session. */
  readonly connections: number;
  /** How the API behaves; only the intercepted network needs it here, a server has its own. */
  readonly conditions: Conditions;
  /** Shared counts of the intercepted API. */
  readonly counters?: SharedArrayBuffer;
  /** Where save-order writes. */
  readonly folder: string;
  /** Whether save-order keeps the files that are there, since each is whole, and fetches only the rest. */
  readonly resume?: boolean;
  /** How long one request may take, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats after failures that may pass, for the whole run: shared memory that all threads draw from. */
  readonly retries?: SharedArrayBuffer;
  /** The work in one price-order; `calibrate` says how many make a millisecond here. */
  readonly rounds: number;
}

export interface OpenJob<Output> extends AsyncDisposable {
  readonly task: Task<number, Output>;
}

export interface Job {
  /** What the job waits for: the network, or a core. A `cpu` task is a plain synchronous function. */
  readonly kind: 'io' | 'cpu';
  readonly summary: string;
  /** Loads the job's module; a thread pays for the job it runs and for no other. */
  readonly load: () => Promise<{ open: (settings: JobSettings) => OpenJob<unknown> }>;
}
