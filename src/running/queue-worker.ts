// A worker process of a queue, as its submitter sees it: its settings, its inputs from the queue, and its messages.
import { startChild, type Child, type ChildOptions } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import type { ServerDatabase } from '../queue/database.ts';

export interface QueueWorkerSettings {
  readonly database: ServerDatabase;
  readonly queue: string;
  /** The number of the worker, from 1. The spans have it. */
  readonly worker: number;
  /** The number of all workers. */
  readonly workers: number;
  /** The most jobs in flight in this worker. */
  readonly concurrency: number;
  /** The fewest jobs that it takes in advance, so that it need not wait for the next one. 0: it takes none in advance. */
  readonly inHand: number;
  /** The settings with which it opens the job. */
  readonly work: JobSettings;
  /** Whether it tries again after a failure that may pass. */
  readonly repeats: boolean;
}

/** The number of a job without an input. A new queue does some of these, so that its code is compiled in all processes. */
export const WARM_UP = 0;

/** The content of a job. */
export interface QueuedInput {
  readonly number: number;
  /** The reader's own input. Null if the number is enough. */
  readonly input: unknown;
  /** How many jobs of its run were put in after it. */
  readonly behind: number;
  /** The run that it belongs to, and how many repeats of failures each worker may make in that run. */
  readonly run: number;
  readonly retries: number;
}

/** The messages of a worker. */
export type QueueWorkerMessage =
  /** It takes jobs from the queue. */
  | { readonly pid: number }
  /** It has opened the work. */
  | { readonly isOpen: true }
  /** The task of this input does not end, although its signal has aborted. */
  | { readonly hangs: number }
  /** The reason why it cannot go on. */
  | { readonly failed: string };

/**
 * Starts a worker. After its first message it takes jobs from the queue. Any message to it then asks it to open the work, which
 * only jobs with an input need. Disposing ends it.
 */
export const startQueueWorker = (settings: QueueWorkerSettings, options: ChildOptions): Child =>
  startChild(new URL('./queue-worker-process.ts', import.meta.url), settings, options);
