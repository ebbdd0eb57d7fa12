// What an approach is given to do, in a shape that says nothing of jobs, and what it becomes once it is open.
import type { Task } from '../approaches/task.ts';

/** A job, ready to be run in this thread or in others. */
export interface Work<Output> {
  readonly kind: 'io' | 'cpu';
  /** What one task costs in CPU time, in milliseconds; 0 where it only waits. */
  readonly costMs: number;
  /** Opens the job in this thread. A `cpu` task must be synchronous. */
  open(): Promise<{ readonly task: Task<number, Output> } & AsyncDisposable>;
  /** A module whose default export runs a batch of inputs in another thread, and what that thread is sent. */
  readonly worker: URL;
  readonly workerData: unknown;
  /** The outcomes in a message of such a thread, in the order of its batch. */
  outcomes(message: unknown): readonly Output[];
  /** What an input is worth whose thread died before it could answer: an outcome, and not the end of the run. */
  lost(input: number, startMs: number, reason: unknown): Output;
  /** How long a thread may take for one input before it counts as hanging, in milliseconds. */
  readonly patienceMs: number;
}

export interface Limits {
  readonly requests: number;
  readonly concurrency: number;
  readonly threads: number;
}

export interface Opened<Output> extends AsyncDisposable {
  run(inputs: readonly number[], signal?: AbortSignal): Promise<Output[]>;
}
