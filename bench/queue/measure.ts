// One turn: so many jobs go through a queue of their own to worker processes, and back. Ours, and what pg-boss does by
// itself: `insert()` and `work()`. Both in the same database, with the same number of workers and of jobs at once.
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
  /** Each job waits for 1 ms up to so many. 0 stands for jobs that do nothing. */
  readonly longestMs: number;
}

/** What a worker process is told when it starts. */
export interface WorkerSettings extends Pick<QueueTurn, 'way' | 'url' | 'lanes' | 'longestMs'> {
  readonly queue: string;
}

/** What it says: first that it is ready, and where pg-boss works by itself how many jobs are done. */
export type WorkerMessage = { readonly isReady: true } | { readonly done: number };

/** How long the jobs took from the first insert until the submitter knew of the last one, in milliseconds. */
export async function runThrough(turn: QueueTurn, signal: AbortSignal): Promise<number> {
  const { way, url, jobs, workers, lanes, longestMs } = turn;
  await using resources = new AsyncDisposableStack();
  const boss = resources.use(await openBoss({ kind: 'server', url }, { superviseSeconds: 0 }));
  const queue = `bench-${crypto.randomUUID()}`;
  await boss.makeQueue(queue);
  resources.defer(() => boss.removeQueue(queue));
  const settings: WorkerSettings = { way, url, queue, lanes, longestMs };
  const module = new URL('./worker-process.ts', import.meta.url);
  const children = Array.from({ length: workers }, () =>
    resources.use(startChild(module, settings, { signal, env: trialEnvironment() })),
  );
  await Promise.all(children.map((child) => child.receive<WorkerMessage>()));
  const inputs = Array.from({ length: jobs }, (_, input) => input);
  if (way === 'job-queue') return await ours(boss, queue, inputs, signal);
  return await bare(url, queue, inputs, children);
}

async function ours(
  boss: Boss,
  queue: string,
  inputs: readonly number[],
  signal: AbortSignal,
): Promise<number> {
  const submitter = await boss.submitter<number, number>(queue, queue);
  const startMs = performance.now();
  const outputs = await jobQueue(inputs, submitter, { signal });
  const tookMs = performance.now() - startMs;
  if (outputs.some((output, place) => output !== inputs[place])) throw new Error('outputs are not in order');
  return tookMs;
}

/** pg-boss hands no outputs back, so the workers say how many jobs they have done. */
async function bare(
  url: string,
  queue: string,
  inputs: readonly number[],
  children: readonly Child[],
): Promise<number> {
  const boss = await barePgBoss(url);
  try {
    const startMs = performance.now();
    await boss.insert(
      queue,
      inputs.map((input) => ({ data: { input } })),
    );
    for (const child of children) child.send({ isInserted: true });
    let left = inputs.length;
    await Promise.race(
      children.map(async (child) => {
        while (left > 0) {
          const message = await child.receive<WorkerMessage>();
          if ('done' in message) left -= message.done;
        }
      }),
    );
    return performance.now() - startMs;
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** pg-boss with nothing around it, and without what it does beside working. */
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

/** What the server calls its version. @throws {QueueFailure} if it cannot be asked */
export async function postgresVersion(database: ServerDatabase, signal: AbortSignal): Promise<string> {
  const client = new Client(database.url);
  // A connection that breaks shows at the query.
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
