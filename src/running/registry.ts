// Every approach by name, adapted to the one signature that measuring needs. The approaches themselves know
// nothing of jobs or measuring; this file knows nothing of the jobs but what it is handed.
import { blocking } from '../approaches/blocking.ts';
import { boundedPool } from '../approaches/bounded-pool.ts';
import { openHelper, openThreads } from './other-threads.ts';
import { isThenable } from './recorded.ts';
import { promiseAll } from '../approaches/promise-all.ts';
import { sequential } from '../approaches/sequential.ts';
import type { Task } from '../approaches/task.ts';
import type { ReadyApproach, RunSize, Work } from './work.ts';

export type ApproachName = 'blocking' | 'sequential' | 'promise-all' | 'bounded-pool' | 'worker-threads';

export interface Approach {
  readonly name: ApproachName;
  readonly summary: string;
  /** The most tasks this approach has in flight at once. */
  concurrency(size: RunSize): number;
  /** The sockets a session of this approach needs; threads cannot share one, so each has its own. */
  connections(size: RunSize): number;
  /** Loads what only this approach needs, so that its modules count as imports and not as the approach. */
  load?(): Promise<unknown>;
  open<Output>(work: Work<Output>, size: RunSize): Promise<ReadyApproach<Output>>;
}

type InThisThread = <Output>(
  inputs: readonly number[],
  task: Task<number, Output>,
  options: { readonly concurrency: number; readonly signal: AbortSignal | undefined },
) => Output[] | Promise<Output[]>;

/** The adapter for approaches that run the task in the thread that calls them. */
async function openHere<Output>(
  run: InThisThread,
  work: Work<Output>,
  { concurrency }: RunSize,
): Promise<ReadyApproach<Output>> {
  const job = await work.open();
  return {
    run: async (inputs, signal) => run(inputs, job.task, { concurrency, signal }),
    [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
  };
}

/** `blocking` with a task that answers at once, as one that computes does. */
const blockingHere: InThisThread = (inputs, task, { signal }) =>
  blocking(inputs, (input) => answerOf(task(input, signal)), { signal });

/** @throws {TypeError} for a promise: nothing has happened yet, and `blocking` would hand it on as an answer */
function answerOf<Output>(returned: Output | PromiseLike<Output>): Output {
  if (!isThenable(returned)) return returned;
  throw new TypeError('blocking: expected a synchronous task, got one that returned a promise');
}

export const APPROACHES: Readonly<Record<ApproachName, Approach>> = {
  blocking: {
    name: 'blocking',
    summary: 'one by one; the thread stands still until each answer',
    concurrency: () => 1,
    connections: () => 1,
    // Synchronous work needs no helper thread: calling it is what blocks.
    open: async (work, size) => (work.kind === 'io' ? openHelper(work) : openHere(blockingHere, work, size)),
  },
  sequential: {
    name: 'sequential',
    summary: 'await one by one; the thread is free while it waits',
    concurrency: () => 1,
    connections: () => 1,
    open: (work, size) => openHere(sequential, work, size),
  },
  'promise-all': {
    name: 'promise-all',
    summary: 'all at once',
    concurrency: ({ requests }) => requests,
    connections: ({ requests }) => requests,
    open: (work, size) => openHere(promiseAll, work, size),
  },
  'bounded-pool': {
    name: 'bounded-pool',
    summary: 'at most so many at once',
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency }) => Math.min(requests, concurrency),
    open: (work, size) => openHere(boundedPool, work, size),
  },
  'worker-threads': {
    name: 'worker-threads',
    summary: 'one at a time in each of several threads',
    concurrency: ({ requests, threads }) => Math.min(requests, threads),
    connections: () => 1,
    load: () => import('piscina'),
    open: openThreads,
  },
};
