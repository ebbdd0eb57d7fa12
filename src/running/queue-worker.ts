// A worker process of a queue, as its submitter sees it: what it is told, what it takes from the queue, and what it says.
import { startChild, type Child, type ChildOptions } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import type { ServerDatabase } from '../queue/database.ts';

export interface QueueWorkerSettings {
  readonly database: ServerDatabase;
  readonly queue: string;
  /** From 1. It stands for the worker in the spans. */
  readonly worker: number;
  /** How many there are. */
  readonly workers: number;
  /** The most jobs in flight in this worker. */
  readonly concurrency: number;
  /** Jobs to have in hand beside these, at least, so that it need not wait for the next. 0: none at all. */
  readonly inHand: number;
  /** What it opens the job with. */
  readonly work: JobSettings;
  /** Whether failures that may pass are repeated. */
  readonly repeats: boolean;
}

/** The number of a job that has no input. A queue that is new does some of them, so that its code is compiled everywhere. */
export const WARM_UP = 0;

/** What the queue carries for an input. */
export interface QueuedInput {
  readonly number: number;
  /** The reader's own input; null where the number says everything. */
  readonly input: unknown;
  /** How many jobs of its run were put in behind it. */
  readonly behind: number;
  /** The run that it belongs to, and how many repeats of failures each worker may make in that run. */
  readonly run: number;
  readonly retries: number;
}

/** What a worker says. */
export type QueueWorkerMessage =
  /** It takes jobs from the queue. */
  | { readonly pid: number }
  /** It was asked to open the work, and has done so. */
  | { readonly isOpen: true }
  /** The task of this input does not end, although its signal has aborted. */
  | { readonly hangs: number }
  /** It cannot go on, and why. */
  | { readonly failed: string };

/**
 * Starts a worker. It takes jobs from the queue as soon as it has said so. Any message then asks it to open the work: only a
 * job with an input needs it. Disposing ends it.
 */
export const startQueueWorker = (settings: QueueWorkerSettings, options: ChildOptions): Child =>
  startChild(new URL('./queue-worker-process.ts', import.meta.url), settings, options);
