// An adapter: it gives pg-boss the methods of src/approaches/job-queue.ts. What is special about pg-boss:
//
// - Its `work()` fetches again only after a whole batch, or after a pause. `workOff` need not wait for either. So we use
//   `fetch()`, and complete many jobs with their outputs in one statement of our own.
// - A worker that dies says nothing. Each job has a heartbeat (a sign of life), which a worker renews while it has the job.
//   Any process may supervise: it looks for jobs without a heartbeat, and lets them wait again. So `heartbeatSeconds` and
//   `superviseSeconds` together decide how soon a dead worker's jobs are taken over.
// - Job ids are UUIDs. We make them from the name of the run and the id of the job. So a submitter that is started again puts
//   jobs with the same ids, and the database keeps those that it has.
import type { ServerDatabase } from './database.ts';
import { connect, type BossOptions, type Connection } from './boss-connection.ts';
import { deadLetterQueueOf, reasonIn, type Stored } from './boss-rows.ts';
import { submitterOf, type BossSubmitter } from './boss-submitter.ts';
import { workerOf, type BossWorker } from './boss-worker.ts';
import { SCHEMA } from './schema.ts';

export { deadLetterQueueOf } from './boss-rows.ts';
export type { BossSubmitter } from './boss-submitter.ts';

export interface QueueOptions {
  /** How often a job is tried before it goes to the dead-letter queue. A worker that dies counts as one try. */
  readonly attempts: number;
  /** The wait before a failed job is tried again, in seconds. */
  readonly retrySeconds: number;
  /** A worker that gives no sign of life for so long is dead. A whole number of seconds, 2 at least. */
  readonly heartbeatSeconds: number;
}

export const QUEUE_DEFAULTS: QueueOptions = { attempts: 5, retrySeconds: 1, heartbeatSeconds: 10 };

/** A job that failed for good, as the dead-letter queue keeps it. */
export interface DeadLetter {
  /** What the submitter put. */
  readonly input: unknown;
  readonly reason: string;
  readonly attempts: number;
}

/** How many jobs of a queue are in which state. */
export interface QueueCounts {
  readonly waiting: number;
  readonly taken: number;
  readonly completed: number;
  readonly failed: number;
}

/** The queue from which workers take jobs if nobody names another one. */
export const COMMON_QUEUE = 'orders';

/** Opens the database, and makes pg-boss's tables there if they are missing. @throws {QueueFailure} */
export const openBoss = async (database: ServerDatabase, options?: BossOptions): Promise<Boss> =>
  new Boss(await connect(database, options));

/** A job may run for a day. The heartbeat finds a dead worker long before. */
const LONGEST_JOB_SECONDS = 24 * 60 * 60;

/** An open database with pg-boss in it. Its methods throw a QueueFailure if the database stays away. */
export class Boss implements AsyncDisposable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Makes `queue` and its dead-letter queue if they are missing. An existing queue keeps its options. */
  async makeQueue(queue: string, options: Partial<QueueOptions> = {}): Promise<void> {
    const { attempts, retrySeconds } = { ...QUEUE_DEFAULTS, ...options };
    const deadLetter = deadLetterQueueOf(queue);
    const { boss } = this.#connection;
    await this.#connection.patiently(async () => {
      await boss.createQueue(deadLetter);
      await boss.createQueue(queue, {
        deadLetter,
        retryLimit: attempts - 1,
        retryDelay: retrySeconds,
        expireInSeconds: LONGEST_JOB_SECONDS,
      });
    });
  }

  /** Removes `queue` with all its jobs, and its dead-letter queue. */
  async removeQueue(queue: string): Promise<void> {
    const { boss } = this.#connection;
    await this.#connection.patiently(async () => {
      await boss.deleteQueue(queue);
      await boss.deleteQueue(deadLetterQueueOf(queue));
    });
  }

  /**
   * The submitter's side of `queue`. Jobs of two runs are different jobs, even if their ids are the same. A submitter that is
   * started again gives the same `run`, and finds its jobs.
   */
  submitter<Input, Output>(
    queue: string,
    run: string,
    { heartbeatSeconds = QUEUE_DEFAULTS.heartbeatSeconds }: Partial<QueueOptions> = {},
  ): Promise<BossSubmitter<Input, Output>> {
    return submitterOf(this.#connection, { queue, run, heartbeatSeconds });
  }

  /** The worker's side of `queue`. Disposing ends its heartbeats. */
  worker<Input, Output>(queue: string): Promise<BossWorker<Input, Output>> {
    return workerOf(this.#connection, queue);
  }

  /**
   * Declares all workers of `queue` dead, for a caller that knows it. At the next look their jobs wait again. Each of these jobs
   * has used one try.
   */
  async abandon(queue: string): Promise<void> {
    await this.#connection.ask(
      `update ${await this.#connection.tableOf(queue)} set heartbeat_on = 'epoch'
       where name = $1 and state = 'active' and heartbeat_seconds is not null`,
      [queue],
    );
  }

  async counts(queue: string): Promise<QueueCounts> {
    const table = await this.#connection.tableOf(queue);
    const [counts] = await this.#connection.ask<QueueCounts>(
      `select count(*) filter (where state < 'active')::int as waiting,
         count(*) filter (where state = 'active')::int as taken,
         count(*) filter (where state = 'completed')::int as completed,
         count(*) filter (where state in ('failed', 'cancelled'))::int as failed
       from ${table} where name = $1`,
      [queue],
    );
    return counts!;
  }

  /** Whether a worker has begun a job of `queue` in the last so many milliseconds. */
  async hasBegunJob(queue: string, withinMs: number): Promise<boolean> {
    const begun = await this.#connection.ask(
      `select from ${await this.#connection.tableOf(queue)}
       where name = $1 and started_on > ${SCHEMA}.job_now() - $2::float8 * interval '1 ms' limit 1`,
      [queue, withinMs],
    );
    return begun.length > 0;
  }

  /** The jobs of `queue` that failed for good, the latest first. */
  async deadLetters(queue: string, most = 100): Promise<DeadLetter[]> {
    const dead = deadLetterQueueOf(queue);
    const rows = await this.#connection.ask<{
      readonly data: Stored | null;
      readonly output: unknown;
      readonly attempts: number;
    }>(
      `select data, source_output as output, source_retry_count + 1 as attempts
       from ${await this.#connection.tableOf(dead)} where name = $1 order by created_on desc limit $2`,
      [dead, most],
    );
    return rows.map(({ data, output, attempts }) => ({
      input: data?.input,
      reason: reasonIn(output),
      attempts,
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }
}
