// Measures one turn: jobs go through a new queue to worker processes, and back. Either through our job queue, or through bare
// pg-boss: its `insert()` and `work()`. Both use the same database, and the same number of workers and of jobs at once.
import { Client } from 'pg';
import type { PgBoss } from 'pg-boss';
import { jobQueue } from '../../src/approaches/job-queue.ts';
import { startChild, type Child } from '../../src/child.ts';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';
import { openBoss, type Boss } from '../../src/queue/boss.ts';
import type { ServerDatabase } from '../../src/queue/database.ts';
import { failureOf } from '../../src/queue/failure.ts';
import { SCHEMA } from '../../src/queue/schema.ts';

export type Way = 'job-queue' | 'pg-boss';

export interface QueueTurn {
  readonly way: Way;
  readonly url: string;
  readonly jobs: number;
  readonly workers: number;
  /** The most jobs at once in a worker. */
  readonly lanes: number;
  /** The longest wait of a job, in milliseconds. The others wait for 1 ms, 2 ms and so on. 0 means that a job does nothing. */
  readonly longestMs: number;
}

/** The settings of a worker process. */
export interface WorkerSettings extends Pick<QueueTurn, 'way' | 'url' | 'lanes' | 'longestMs'> {
  readonly queue: string;
}

/** What a worker reports: that it is ready; how many jobs it has done (bare pg-boss only); its CPU time so far. */
export type WorkerMessage =
  { readonly isReady: true } | { readonly done: number } | { readonly cpuMs: number };

export interface WorkerQuestion {
  readonly ask: 'fetch' | 'cpu';
}

export interface Taken {
  /** From the first insert until the submitter knew that the last job was done, in milliseconds. */
  readonly timeMs: number;
  /** CPU time of the submitter and the workers in that time, in milliseconds. */
  readonly cpuMs: number;
}

export async function runThrough(turn: QueueTurn, signal: AbortSignal): Promise<Taken> {
  const { way, url, jobs, workers, lanes, longestMs } = turn;
  await using resources = new AsyncDisposableStack();
  const boss = resources.use(await openBoss({ kind: 'server', url }, { superviseSeconds: 0 }));
  const queue = `bench-${crypto.randomUUID()}`;
  await boss.makeQueue(queue);
  resources.defer(() => boss.removeQueue(queue));
  const settings: WorkerSettings = { way, url, queue, lanes, longestMs };
  const module = new URL('./worker-process.ts', import.meta.url);
  /** For bare pg-boss: how many jobs are not done, and a promise that resolves when all are. */
  let left = jobs;
  const allDone = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => allDone.reject(signal.reason), { once: true });
  allDone.promise.catch(() => {});
  const children = Array.from({ length: workers }, () =>
    resources.use(
      startChild(module, settings, {
        signal,
        env: trialEnvironment(),
        onMessage(message) {
          const { done } = message as { readonly done?: number };
          if (done === undefined) return false;
          left -= done;
          if (left === 0) allDone.resolve();
          return true;
        },
      }),
    ),
  );
  await Promise.all(children.map((child) => child.receive<WorkerMessage>()));
  const inputs = Array.from({ length: jobs }, (_, input) => input);
  const run =
    way === 'job-queue'
      ? await ours(boss, queue, inputs, signal)
      : resources.use(await bare(url, queue, inputs, children, allDone.promise));
  const before = await cpuMsOf(children);
  const startMs = performance.now();
  await run.go();
  const timeMs = performance.now() - startMs;
  return { timeMs, cpuMs: (await cpuMsOf(children)) - before };
}

/** CPU time of this process and of `children` since they began. */
async function cpuMsOf(children: readonly Child[]): Promise<number> {
  const { user, system } = process.cpuUsage();
  const others = await Promise.all(
    children.map(async (child) => {
      child.send({ ask: 'cpu' } satisfies WorkerQuestion);
      return (await child.receive<{ readonly cpuMs: number }>()).cpuMs;
    }),
  );
  return others.reduce((sum, cpuMs) => sum + cpuMs, (user + system) / 1000);
}

interface Run {
  go(): Promise<void>;
}

async function ours(boss: Boss, queue: string, inputs: readonly number[], signal: AbortSignal): Promise<Run> {
  const submitter = await boss.submitter<number, number>(queue, queue);
  return {
    async go() {
      const outputs = await jobQueue(inputs, submitter, { signal });
      if (outputs.some((output, place) => output !== inputs[place]))
        throw new Error('outputs are not in order');
    },
  };
}

/** Bare pg-boss hands no outputs back, so the workers report how many jobs they have done. */
async function bare(
  url: string,
  queue: string,
  inputs: readonly number[],
  children: readonly Child[],
  allDone: Promise<void>,
): Promise<Run & AsyncDisposable> {
  const boss = await barePgBoss(url);
  const jobs = inputs.map((input) => ({ data: { input } }));
  return {
    async go() {
      await boss.insert(queue, jobs);
      for (const child of children) child.send({ ask: 'fetch' } satisfies WorkerQuestion);
      await allDone;
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false }),
  };
}

/** pg-boss without our adapter, and without its maintenance and schedules. */
export async function barePgBoss(url: string): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: 3,
    migrate: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  return boss.start();
}

/** The version of the server. @throws {QueueFailure} if it does not answer */
export async function postgresVersion(database: ServerDatabase, signal: AbortSignal): Promise<string> {
  const client = new Client(database.url);
  // If the connection breaks, the query fails too, and says so.
  client.on('error', () => {});
  try {
    await client.connect();
    signal.throwIfAborted();
    const { rows } = await client.query<{ readonly server_version: string }>('show server_version');
    return rows[0]!.server_version;
  } catch (error) {
    throw failureOf(error, database);
  } finally {
    await client.end().catch(() => {});
  }
}
