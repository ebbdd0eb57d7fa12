// What an approach is given to do, in a shape that says nothing of jobs, and what it becomes once it is open.
import type { Task } from '../approaches/task.ts';

/** How much there is to do, and how much of it at once. */
export interface RunSize {
  readonly requests: number;
  /** The most in flight of an approach that bounds it. */
  readonly concurrency: number;
  readonly threads: number;
  /** The number of worker processes of an approach with a queue. Absent if no approach has one. */
  readonly workers?: number;
  /** The most starts in a second of an approach that keeps to a pace. Without it as fast as it can. */
  readonly pace?: number;
  /** The most in flight of an approach that finds by itself how many. Without it as many as there are inputs. */
  readonly most?: number;
}

interface AnyWork<Output> {
  /** Opens the job in this thread. */
  open(): Promise<{ readonly task: Task<number, Output> } & AsyncDisposable>;
  /** A module whose default export runs a batch of inputs in another thread, and what that thread is sent. */
  readonly worker: URL;
  readonly workerData: unknown;
  /** The outcomes in a message of such a thread, in the order of its batch. */
  outcomes(message: unknown): readonly Output[];
  /** The outcome of an input whose thread died before it could answer. */
  lost(input: number, startMs: number, reason: unknown): Output;
  /** The same for processes that share no memory with this one. */
  readonly queued: WorkForQueue<Output>;
  /** For how many milliseconds nobody should ask again, if this outcome is a refusal; undefined if it is none. */
  refusedForMs(outcome: Output): number | undefined;
  /** How long a thread may take for one input before it counts as hanging, in milliseconds. */
  readonly patienceMs: number;
}

/** What a queue carries to its worker processes, and back. */
export interface WorkForQueue<Output> {
  /** The settings with which a worker process opens the job: plain data, without shared memory. */
  readonly settings: unknown;
  /** What the queue carries for an input: JSON. */
  carried(input: number): unknown;
  /** How often a run may still try again after a failure, in shared memory of this process. Absent if nothing is tried again. */
  readonly retries?: SharedArrayBuffer | undefined;
  /** Makes the outcome of an input from the record of its worker. */
  outcome(answer: unknown): Output;
  /** Is called when a worker reports that the task of an input does not end after its signal's abort. */
  hangs(input: number): void;
}

/** A job that waits: for the network, or for a disk. */
export interface WaitingWork<Output> extends AnyWork<Output> {
  readonly kind: 'io';
}

/** A job that computes. */
export interface ComputingWork<Output> extends AnyWork<Output> {
  readonly kind: 'cpu';
  /** What one task costs in CPU time, in milliseconds. */
  readonly costMs: number;
}

/** The reader's own work, which may wait, compute, or both. */
export interface OwnRun<Output> extends AnyWork<Output> {
  readonly kind: 'own';
  /** What one task takes from its start to its end, in milliseconds. */
  readonly costMs: number;
  /** Whether a task keeps its thread busy all the time. */
  readonly computes: boolean;
  /** What a thread is sent for a batch of inputs. */
  message(batch: readonly number[]): unknown;
  /** Lets so many threads put away what they have set up. */
  endThreads(threads: number): Promise<void>;
}

/** A job, ready to be run in this thread or in others. */
export type Work<Output> = WaitingWork<Output> | ComputingWork<Output> | OwnRun<Output>;

/** An approach that has its job, its threads and its connections, and can run again and again. */
export interface ReadyApproach<Output> extends AsyncDisposable {
  run(inputs: readonly number[], signal?: AbortSignal): Promise<Output[]>;
  /** The other processes that work for it. Absent if there are none. */
  readonly beside?: ProcessesBeside;
}

/** The worker processes of a queue and its database, by their process ids. */
export interface ProcessesBeside {
  readonly workers: readonly number[];
  /** Undefined for a database that another program started, perhaps on another machine. */
  readonly database: number | undefined;
  /** How many jobs were begun more than once, over all runs so far. */
  begunAgain(): number;
}
