// Every approach by name, adapted to the one signature that measuring needs. The approaches themselves know
// nothing of jobs or measuring; this file knows nothing of the jobs but what it is handed.
import { blocking } from './blocking.ts';
import { boundedPool } from './bounded-pool.ts';
import { promiseAll } from './promise-all.ts';
import { sequential } from './sequential.ts';
import { surviving } from './surviving.ts';
import { synchronously } from './synchronously.ts';
import type { Task } from './task.ts';
import { batchSizeFor, workerThreads } from './worker-threads.ts';

export type ApproachName = 'blocking' | 'sequential' | 'promise-all' | 'bounded-pool' | 'worker-threads';

/** A job, ready to be run in this thread or in others. */
export interface Work<Output> {
  readonly kind: 'io' | 'cpu';
  /** What one task costs in CPU time, in milliseconds; 0 where it only waits. */
  readonly costMs: number;
  /** Opens the job in this thread. A `cpu` task must be synchronous. */
  open(): Promise<{ readonly task: Task<number, Output> } & AsyncDisposable>;
  /** What an input is worth whose thread died before it could answer: an outcome, and not the end of the run. */
  lost(input: number, startMs: number, reason: unknown): Output;
  /** How long a thread may take for one input before it counts as hanging, in milliseconds. */
  readonly patienceMs: number;
  /** A module whose default export runs a batch of inputs in another thread, and what that thread is sent. */
  readonly worker: URL;
  readonly workerData: unknown;
}

export interface Limits {
  readonly requests: number;
  readonly concurrency: number;
  readonly threads: number;
}

export interface Opened<Output> extends AsyncDisposable {
  run(inputs: readonly number[], signal?: AbortSignal): Promise<Output[]>;
}

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

/** A thread that needs more than so much heap ends alone, and does not take the process with it. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256 };

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
    async open<Output>(work: Work<Output>, limits: Limits) {
      if (work.kind === 'cpu') {
        // Synchronous work needs no helper thread: calling it is what blocks.
        return openHere(
          (inputs, task, { signal }) => blocking(inputs, task as never, { signal }),
          work,
          limits,
        );
      }
      const helper = synchronously<number[], Output[]>(work.worker, {
        workerData: work.workerData,
        timeoutMs: work.patienceMs,
        resourceLimits: THREAD_LIMITS,
      });
      const call = (input: number): Output => {
        const startMs = performance.timeOrigin + performance.now();
        try {
          return helper.call([input])[0]!;
        } catch (reason) {
          return work.lost(input, startMs, reason);
        }
      };
      return {
        run: async (inputs, signal) => blocking(inputs, call, { signal }),
        [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
      };
    },
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
    async open<Output>(work: Work<Output>, { requests, threads }: Limits) {
      const { Piscina } = await import('piscina');
      const pool = new Piscina<number[], Output[]>({
        filename: work.worker.href,
        workerData: work.workerData,
        minThreads: threads,
        maxThreads: threads,
        idleTimeout: Infinity,
        // By default a thread without a task sleeps in Atomics.wait. Between two requests that would freeze its event
        // loop: a connection given up would stay open, and the API would count it as in flight for ever.
        atomics: work.kind === 'io' ? 'disabled' : 'sync',
        resourceLimits: THREAD_LIMITS,
      });
      // What dies here had no input to answer for: an idle thread, or one given up as hanging that then runs out of
      // memory. It is replaced; without a listener its error would end the process.
      pool.on('error', () => {});
      const batchSize = work.kind === 'io' ? 1 : batchSizeFor({ ...work, count: requests, threads });
      return {
        run: (inputs, signal) =>
          workerThreads(inputs, surviving(pool, { ...work, threads }), { batchSize, signal }),
        [Symbol.asyncDispose]: () => pool.destroy(),
      };
    },
  },
};
