// Every approach by name, adapted to the one signature that measuring needs. The approaches themselves know
// nothing of jobs or measuring; this file knows nothing of the jobs but what it is handed.
import { blocking } from '../approaches/blocking.ts';
import { boundedPool } from '../approaches/bounded-pool.ts';
import { openHelper, openThreads } from './other-threads.ts';
import { promiseAll } from '../approaches/promise-all.ts';
import { sequential } from '../approaches/sequential.ts';
import type { Task } from '../approaches/task.ts';
import type { Limits, Opened, Work } from './work.ts';

export type ApproachName = 'blocking' | 'sequential' | 'promise-all' | 'bounded-pool' | 'worker-threads';

export interface Approach {
  readonly name: ApproachName;
  readonly summary: string;
  /** The most tasks this approach has in flight at once. */
  concurrency(limits: Limits): number;
  /** The sockets a session of this approach needs; threads cannot share one, so each has its own. */
  connections(limits: Limits): number;
  /** Loads what only this approach needs, so that its modules count as imports and not as the approach. */
  load?(): Promise<unknown>;
  open<Output>(work: Work<Output>, limits: Limits): Promise<Opened<Output>>;
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
  { concurrency }: Limits,
): Promise<Opened<Output>> {
  const job = await work.open();
  return {
    run: async (inputs, signal) => run(inputs, job.task, { concurrency, signal }),
    [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
  };
}

export const APPROACHES: Readonly<Record<ApproachName, Approach>> = {
  blocking: {
    name: 'blocking',
    summary: 'one by one; the thread stands still until each answer',
    concurrency: () => 1,
    connections: () => 1,
    // Synchronous work needs no helper thread: calling it is what blocks.
    open: async (work, limits) =>
      work.kind === 'io'
        ? openHelper(work)
        : openHere((inputs, task, { signal }) => blocking(inputs, task as never, { signal }), work, limits),
  },
  sequential: {
    name: 'sequential',
    summary: 'await one by one; the thread is free while it waits',
    concurrency: () => 1,
    connections: () => 1,
    open: (work, limits) => openHere(sequential, work, limits),
  },
  'promise-all': {
    name: 'promise-all',
    summary: 'all at once',
    concurrency: ({ requests }) => requests,
    connections: ({ requests }) => requests,
    open: (work, limits) => openHere(promiseAll, work, limits),
  },
  'bounded-pool': {
    name: 'bounded-pool',
    summary: 'at most so many at once',
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency }) => Math.min(requests, concurrency),
    open: (work, limits) => openHere(boundedPool, work, limits),
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
