// Every approach by name, adapted to the one signature that measuring needs. The approaches themselves know
// nothing of jobs or measuring; this file knows nothing of the jobs but what it is handed.
import type { Conditions } from '../api/conditions.ts';
import { adaptive } from '../approaches/adaptive.ts';
import { blocking } from '../approaches/blocking.ts';
import { boundedPool } from '../approaches/bounded-pool.ts';
import { openHelper, openThreads } from './other-threads.ts';
import { paced } from '../approaches/paced.ts';
import { promiseAll } from '../approaches/promise-all.ts';
import { sequential } from '../approaches/sequential.ts';
import { streamMap } from '../approaches/stream-map.ts';
import type { Database } from '../queue/database.ts';
import type { Task } from '../approaches/task.ts';
import { isThenable } from '../thenable.ts';
import type { ReadyApproach, RunSize, Work } from './work.ts';

export type ApproachName =
  | 'blocking'
  | 'sequential'
  | 'promise-all'
  | 'bounded-pool'
  | 'stream-map'
  | 'paced'
  | 'adaptive'
  | 'worker-threads'
  | 'job-queue';

export interface Approach {
  readonly name: ApproachName;
  readonly summary: string;
  /** When it takes part in a comparison whose approaches nobody has chosen. */
  readonly unasked: 'always' | 'with limits' | 'with a rate' | 'never';
  /** It tries again by itself what the API has refused, so nobody else may. */
  readonly triesRefusedAgain?: true;
  /** Whether tasks of this kind run in other threads or processes than the caller's. These load modules of their own. */
  elsewhere?(kind: Work<unknown>['kind']): boolean;
  /** Whether it keeps its jobs in a database. Then it starts processes that use the machine even while they wait. */
  readonly needsDatabase?: true;
  /** The most tasks this approach has in flight at once. */
  concurrency(size: RunSize): number;
  /** The sockets a session of this approach needs; threads cannot share one, so each has its own. */
  connections(size: RunSize): number;
  /** Over how many threads or processes it spreads work that computes. Absent if the calling thread computes everything. */
  spreadsOver?(size: RunSize): number;
  /** About how long these take to start, in milliseconds. For estimates only. */
  startMs?(size: RunSize): number;
  /** Loads what only this approach needs, so that its modules count as imports and not as the approach. */
  load?(): Promise<unknown>;
  open<Output>(work: Work<Output>, size: RunSize, database?: Database): Promise<ReadyApproach<Output>>;
}

/** About how long the embedded database and each worker process take to start, in milliseconds. For estimates only. */
const DATABASE_MS = 2500;
const PROCESS_MS = 700;
/** About how long a thread takes to start and to load its modules, in milliseconds. For estimates only. */
const THREAD_MS = 60;

interface RunOptions<Output> {
  readonly concurrency: number;
  readonly pace: number;
  readonly most: number;
  /** For how many milliseconds nobody should ask again, if this outcome is a refusal. */
  readonly refusedForMs: (outcome: Output) => number | undefined;
  readonly signal: AbortSignal | undefined;
}

type InThisThread = <Output>(
  inputs: readonly number[],
  task: Task<number, Output>,
  options: RunOptions<Output>,
) => Output[] | Promise<Output[]>;

/** The adapter for approaches that run the task in the thread that calls them. */
async function openHere<Output>(
  run: InThisThread,
  work: Work<Output>,
  { concurrency, pace = Infinity, most = Infinity }: RunSize,
): Promise<ReadyApproach<Output>> {
  const job = await work.open();
  const refusedForMs = (outcome: Output) => work.refusedForMs(outcome);
  return {
    run: async (inputs, signal) => run(inputs, job.task, { concurrency, pace, most, refusedForMs, signal }),
    [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
  };
}

/** `blocking` with a task that answers at once, as one that computes does. */
const blockingHere: InThisThread = (inputs, task, { signal }) =>
  blocking(inputs, (input) => answerOf(task(input, signal)), { signal });

const pacedHere: InThisThread = (inputs, task, { pace, concurrency, signal }) =>
  paced(inputs, task, { perSecond: pace, concurrency, signal });

/** A task of ours returns its failures, and does not throw them: they are looked for among the values. */
const adaptiveHere: InThisThread = (inputs, task, { refusedForMs, most, signal }) =>
  adaptive(inputs, task, {
    refusal: (outcome) => (outcome.status === 'fulfilled' ? refusedForMs(outcome.value) : undefined),
    most,
    signal,
  });

/** @throws {TypeError} for a promise: nothing has happened yet, and `blocking` would hand it on as an answer */
function answerOf<Output>(returned: Output | PromiseLike<Output>): Output {
  if (!isThenable(returned)) return returned;
  throw new TypeError('blocking: expected a synchronous task, got one that returned a promise');
}

export const APPROACHES: Readonly<Record<ApproachName, Approach>> = {
  blocking: {
    name: 'blocking',
    summary: 'one by one; the thread stands still until each answer',
    unasked: 'always',
    elsewhere: (kind) => kind === 'io',
    concurrency: () => 1,
    connections: () => 1,
    // Synchronous work needs no helper thread: calling it is what blocks.
    open: async (work, size) => (work.kind === 'io' ? openHelper(work) : openHere(blockingHere, work, size)),
  },
  sequential: {
    name: 'sequential',
    summary: 'await one by one; the thread is free while it waits',
    unasked: 'always',
    concurrency: () => 1,
    connections: () => 1,
    open: (work, size) => openHere(sequential, work, size),
  },
  'promise-all': {
    name: 'promise-all',
    summary: 'all at once',
    unasked: 'always',
    concurrency: ({ requests }) => requests,
    connections: ({ requests }) => requests,
    open: (work, size) => openHere(promiseAll, work, size),
  },
  'bounded-pool': {
    name: 'bounded-pool',
    summary: 'at most so many at once',
    unasked: 'always',
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency }) => Math.min(requests, concurrency),
    open: (work, size) => openHere(boundedPool, work, size),
  },
  'stream-map': {
    name: 'stream-map',
    summary: 'at most so many at once, by the map of a stream',
    unasked: 'never',
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency }) => Math.min(requests, concurrency),
    open: (work, size) => openHere(streamMap, work, size),
  },
  paced: {
    name: 'paced',
    summary: 'a bounded pool that starts at most so many in a second',
    unasked: 'with a rate',
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency }) => Math.min(requests, concurrency),
    open: (work, size) => openHere(pacedHere, work, size),
  },
  adaptive: {
    name: 'adaptive',
    summary: 'finds by itself how many at once, and retries what was refused',
    unasked: 'with limits',
    triesRefusedAgain: true,
    concurrency: ({ requests, most = requests }) => Math.min(requests, most),
    connections: ({ requests, most = requests }) => Math.min(requests, most),
    open: (work, size) => openHere(adaptiveHere, work, size),
  },
  'worker-threads': {
    name: 'worker-threads',
    summary: 'one at a time in each of several threads',
    unasked: 'always',
    elsewhere: () => true,
    concurrency: ({ requests, threads }) => Math.min(requests, threads),
    connections: () => 1,
    spreadsOver: ({ threads }) => threads,
    startMs: ({ threads }) => threads * THREAD_MS,
    load: () => import('piscina'),
    open: openThreads,
  },
  'job-queue': {
    name: 'job-queue',
    summary: 'by worker processes that take jobs from a database',
    unasked: 'never',
    elsewhere: () => true,
    needsDatabase: true,
    concurrency: ({ requests, concurrency }) => Math.min(requests, concurrency),
    connections: ({ requests, concurrency, workers = 1 }) =>
      Math.ceil(Math.min(requests, concurrency) / workers),
    spreadsOver: ({ workers = 1 }) => workers,
    startMs: ({ workers = 1 }) => DATABASE_MS + workers * PROCESS_MS,
    load: () => import('./job-queue.ts'),
    open: async (work, size, database) => (await import('./job-queue.ts')).openQueue(work, size, database),
  },
};

/** The approaches that need no database. */
export const IN_MEMORY: readonly ApproachName[] = Object.values(APPROACHES)
  .filter(({ needsDatabase = false }) => !needsDatabase)
  .map(({ name }) => name);

/** The approaches of a comparison for which nobody has chosen any. */
export function usualApproaches({ stoves, rate }: Pick<Conditions, 'stoves' | 'rate'>): ApproachName[] {
  const takesPart = {
    always: true,
    'with limits': stoves !== undefined || rate !== undefined,
    'with a rate': rate !== undefined,
    never: false,
  };
  return Object.values(APPROACHES)
    .filter(({ unasked }) => takesPart[unasked])
    .map(({ name }) => name);
}
