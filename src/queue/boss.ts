// pg-boss behind the verbs of src/approaches/job-queue.ts. All that is special about pg-boss is here:
//
// - Its `work()` fetches again only after a whole batch, or after a pause. `workOff` is the better worker, so we use
//   `fetch()`, and complete many jobs with their outputs in one statement of ours.
// - A worker that dies says nothing. Each job has a heartbeat, which we renew while we have it. Supervision, by whichever
//   process comes first, lets the jobs without one wait again. So `heartbeatSeconds` and `superviseSeconds` together
//   decide how soon a dead worker's jobs are taken over.
// - Job ids are UUIDs. We make them from the run and the id of the job: a submitter that is started again puts the same
//   ids, and the database keeps what it has.
import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import type { Ending, QueuedJob, Submitting, TakenJob, Working } from '../approaches/job-queue.ts';
import { printable } from '../printable.ts';
import { shownDatabase, type ServerDatabase } from './database.ts';
import { failureOf, QueueFailure } from './failure.ts';
import { SCHEMA } from './schema.ts';

export interface BossOptions {
  /** The most connections. PGlite serves one query at a time, so more of them bring nothing there. */
  readonly connections?: number;
  /**
   * How often jobs of dead workers are looked for, in seconds. 0 leaves that to other processes. However many processes look,
   * the database does it once in that time. One look costs PGlite some 90 ms of CPU time. Default: 5.
   */
  readonly superviseSeconds?: number;
  /** How long the database may be away before a verb fails, in milliseconds. Default: 30 s. */
  readonly patienceMs?: number;
  /** After its abort nobody waits long for a database that is away. */
  readonly signal?: AbortSignal | undefined;
  /** Is told when the database goes away, once each time. */
  readonly onAway?: (failure: QueueFailure) => void;
}

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

/** What a submitter that is started again also needs. */
export interface BossSubmitter<Input, Output> extends Submitting<Input, Output> {
  /** Removes those of `ids` that have ended. What failed stays in the dead-letter queue. */
  forget(ids: readonly string[]): Promise<void>;
  /**
   * For jobs of an earlier start: those that wait or run get the input of now, and those that failed for good are removed,
   * also from the dead-letter queue, so that they can be put again.
   */
  reopen(jobs: ReadonlyArray<QueuedJob<Input>>): Promise<void>;
}

/** How many jobs of a queue are in which state. */
export interface QueueCounts {
  readonly waiting: number;
  readonly taken: number;
  readonly completed: number;
  readonly failed: number;
}

/** A job as it is stored: pg-boss wants an object. */
interface Stored {
  readonly input: unknown;
}

/** Stays under the names of pg-boss's own queues, and says whose it is. */
export const deadLetterQueueOf = (queue: string): string => `${queue}-dead`;

/** The queue that workers draw from if nobody names one. */
export const COMMON_QUEUE = 'orders';

/** Opens the database, and makes pg-boss's tables there if they are missing. @throws {QueueFailure} */
export async function openBoss(database: ServerDatabase, options: BossOptions = {}): Promise<Boss> {
  const { connections = 3, superviseSeconds = 5 } = options;
  const { PgBoss } = await import('pg-boss');
  const sockets = new Sockets();
  const make = (migrate: boolean) => {
    const boss = new PgBoss({
      connectionString: database.url,
      // It is handed on to the driver as it is.
      ...({ stream: sockets.open } as object),
      schema: SCHEMA,
      max: connections,
      application_name: 'async-workbench',
      migrate,
      schedule: false,
      registerInstance: false,
      supervise: superviseSeconds > 0,
      ...(superviseSeconds > 0 && {
        superviseIntervalSeconds: superviseSeconds,
        monitorIntervalSeconds: superviseSeconds,
      }),
    });
    // What happens in the background is tried again there, and a connection that breaks shows at the next verb.
    boss.on('error', () => {});
    return boss;
  };
  try {
    return new Boss(await started(make, database), database, options, sockets);
  } catch (error) {
    sockets[Symbol.dispose]();
    throw failureOf(error, database);
  }
}

/**
 * All connections. The driver lets go of one whose server asks for a password that nobody gave, and does not close it: the
 * process would never end.
 */
class Sockets implements Disposable {
  readonly #open = new Set<Socket>();

  readonly open = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  [Symbol.dispose](): void {
    for (const socket of this.#open) socket.destroy();
  }
}

/** Asks first whether the tables are there: then a user who may not make tables can use them. */
async function started(make: (migrate: boolean) => PgBoss, database: ServerDatabase): Promise<PgBoss> {
  const boss = make(false);
  try {
    return await boss.start();
  } catch (error) {
    const isOther = error instanceof Error && error.message === 'pg-boss database requires migrations';
    const isMissing = error instanceof Error && error.message === 'pg-boss is not installed';
    if (isOther) await refuseNewer(boss, database);
    await boss.stop({ graceful: false }).catch(() => {});
    if (!isOther && !isMissing) throw error;
  }
  const maker = make(true);
  try {
    return await maker.start();
  } catch (error) {
    await maker.stop({ graceful: false }).catch(() => {});
    throw error;
  }
}

/** Tables of an older version are brought up to date. A newer one may have changed what we would write. */
async function refuseNewer(boss: PgBoss, database: ServerDatabase): Promise<void> {
  const found = await boss.schemaVersion();
  const { default: own } = (await import('pg-boss/dist/schema.json', { with: { type: 'json' } })) as {
    default: { readonly version: number };
  };
  if (found === null || found < own.version) return;
  await boss.stop({ graceful: false }).catch(() => {});
  throw new QueueFailure(
    `the database ${shownDatabase(database)} has the queue's tables in version ${found}, and this program knows version ${own.version}: it is older than the one that made them`,
  );
}

/** A job may be at work for a day. A worker that dies is found by its heartbeat, long before. */
const LONGEST_JOB_SECONDS = 24 * 60 * 60;
/** A heartbeat is renewed so many times before it would be over. */
const RENEWALS = 4;
const PATIENCE_MS = 30_000;
/** Whoever was asked to stop waits no longer than this for a database that is away. */
const LAST_PATIENCE_MS = 1000;

/** An open database with pg-boss in it. */
export class Boss implements AsyncDisposable {
  readonly #boss: PgBoss;
  readonly #database: ServerDatabase;
  readonly #options: BossOptions;
  readonly #sockets: Disposable;
  /** Whether the database was away when it was last asked. */
  #isAway = false;

  constructor(boss: PgBoss, database: ServerDatabase, options: BossOptions, sockets: Disposable) {
    this.#boss = boss;
    this.#sockets = sockets;
    this.#database = database;
    this.#options = options;
  }

  /** Makes `queue` and its dead-letter queue where they are missing. A queue that is there keeps its options. */
  async makeQueue(queue: string, options: Partial<QueueOptions> = {}): Promise<void> {
    const { attempts, retrySeconds } = { ...QUEUE_DEFAULTS, ...options };
    const deadLetter = deadLetterQueueOf(queue);
    await this.#patiently(async () => {
      await this.#boss.createQueue(deadLetter);
      await this.#boss.createQueue(queue, {
        deadLetter,
        retryLimit: attempts - 1,
        retryDelay: retrySeconds,
        expireInSeconds: LONGEST_JOB_SECONDS,
      });
    });
  }

  /** Removes `queue` with all its jobs, and its dead-letter queue. */
  async removeQueue(queue: string): Promise<void> {
    await this.#patiently(async () => {
      await this.#boss.deleteQueue(queue);
      await this.#boss.deleteQueue(deadLetterQueueOf(queue));
    });
  }

  /**
   * The submitter's side of `queue`. Jobs of two runs are different jobs, even if their ids are the same. A submitter that is
   * started again gives the same `run`, and finds its jobs.
   */
  async submitter<Input, Output>(
    queue: string,
    run: string,
    { heartbeatSeconds = QUEUE_DEFAULTS.heartbeatSeconds }: Partial<QueueOptions> = {},
  ): Promise<BossSubmitter<Input, Output>> {
    const table = await this.#tableOf(queue);
    const deadLetters = deadLetterQueueOf(queue);
    const deadTable = await this.#tableOf(deadLetters);
    const uuid = (id: string) => uuidOf(`${run}\n${id}`);
    return {
      put: (jobs) => {
        const rows = jobs.map(({ id, input }: QueuedJob<Input>) => {
          const data: Stored = { input };
          return { id: uuid(id), data, heartbeatSeconds };
        });
        return this.#patiently(async () => void (await this.#boss.insert(queue, rows)));
      },
      endings: async (ids) => {
        const idOf = new Map(ids.map((id) => [uuid(id), id]));
        const rows = await this.#ask<EndedRow>(
          `select id, state, output, retry_count + 1 as attempts from ${table}
           where name = $1 and id = any($2::uuid[]) and completed_on is not null`,
          [queue, [...idOf.keys()]],
        );
        return rows.map((row) => endingOf<Output>(idOf.get(row.id)!, row));
      },
      withdraw: async (ids) => {
        await this.#ask(
          `delete from ${table} where name = $1 and id = any($2::uuid[]) and state < 'active'`,
          [queue, ids.map(uuid)],
        );
      },
      forget: async (ids) => {
        await this.#ask(
          `delete from ${table} where name = $1 and id = any($2::uuid[]) and completed_on is not null`,
          [queue, ids.map(uuid)],
        );
      },
      reopen: async (jobs) => {
        const rows = jobs.map(({ id, input }): { id: string; data: Stored } => ({
          id: uuid(id),
          data: { input },
        }));
        const ids = rows.map(({ id }) => id);
        await this.#ask(`delete from ${deadTable} where name = $1 and source_id = any($2::uuid[])`, [
          deadLetters,
          ids,
        ]);
        await this.#ask(
          `delete from ${table} where name = $1 and id = any($2::uuid[]) and state in ('failed', 'cancelled')`,
          [queue, ids],
        );
        // A worker that has one now keeps the old input. If it fails, the next one gets the new input.
        await this.#ask(
          `update ${table} j set data = i.data
           from json_to_recordset($2::text::json) as i (id uuid, data jsonb)
           where j.name = $1 and j.id = i.id and j.completed_on is null`,
          [queue, JSON.stringify(rows)],
        );
      },
    };
  }

  /**
   * Lets the jobs wait again that workers have, as soon as supervision looks: for whoever knows that all those workers are
   * dead. Each counts as one try.
   */
  async abandon(queue: string): Promise<void> {
    await this.#ask(
      `update ${await this.#tableOf(queue)} set heartbeat_on = 'epoch'
       where name = $1 and state = 'active' and heartbeat_seconds is not null`,
      [queue],
    );
  }

  /** The worker's side of `queue`. Disposing ends its heartbeats. */
  async worker<Input, Output>(queue: string): Promise<BossWorker<Input, Output>> {
    const table = await this.#tableOf(queue);
    const held = new Heartbeats((jobs) => this.#patiently(() => this.#boss.touch(queue, jobs)));
    const late = { count: 0 };

    /** @returns how many of these attempts were the last ones. As pg-boss completes a batch, but with one output each. */
    const store = async (done: ReadonlyArray<Done<Input, Output>>): Promise<number> => {
      const rows = done.map(({ job, output }) => ({ ...attemptOf(job), output: { value: output ?? null } }));
      const stored = await this.#ask(
        `update ${table} j set completed_on = ${SCHEMA}.job_now(), state = 'completed', output = i.output
         from json_to_recordset($2::text::json) as i (id uuid, retry_count int, output jsonb)
         where j.name = $1 and j.id = i.id and j.state = 'active' and j.retry_count = i.retry_count
         returning j.id`,
        [queue, JSON.stringify(rows)],
      );
      return stored.length;
    };

    const fail = async (job: TakenJob<Input>, reason: unknown): Promise<void> => {
      const attempt = { id: job.id, retryCount: job.attempt - 1 };
      // Postgres refuses some characters, and a worker must not die of a message.
      const message = printable(textOf(reason));
      await this.#patiently(() => this.#boss.fail(queue, [attempt], { message }));
      held.remove([job]);
    };

    /** One of `done` has an output that Postgres refuses. The others must not suffer from it. */
    const completeEach = async (done: ReadonlyArray<Done<Input, Output>>): Promise<void> => {
      for (const one of done) {
        try {
          late.count += 1 - (await store([one]));
          held.remove([one.job]);
        } catch (error) {
          if (!isUnstorable(error)) throw error;
          await fail(
            one.job,
            new Error('its output cannot be stored: it has a character that Postgres refuses'),
          );
        }
      }
    };

    return {
      late,
      take: async (most) => {
        const found = await this.#patiently(() =>
          this.#boss.fetch<Partial<Stored>>(queue, { batchSize: most }),
        );
        return found.map((row) => {
          held.add(row);
          // Another program may have put anything, also nothing.
          const { input } = row.data ?? {};
          return { id: row.id, input: input as Input, attempt: row.retryCount + 1 };
        });
      },
      complete: async (done) => {
        try {
          late.count += done.length - (await store(done));
          held.remove(done.map(({ job }) => job));
        } catch (error) {
          if (!isUnstorable(error)) throw error;
          await completeEach(done);
        }
      },
      fail,
      giveBack: async (jobs, afterMs) => {
        if (jobs.length === 0) return;
        // Without a start, the next one does not count as another attempt.
        await this.#ask(
          `update ${table} j set state = (case when j.retry_count > 0 then 'retry' else 'created' end)::${SCHEMA}.job_state,
             started_on = null, heartbeat_on = null, start_after = ${SCHEMA}.job_now() + $3::float8 * interval '1 ms'
           from json_to_recordset($2::text::json) as i (id uuid, retry_count int)
           where j.name = $1 and j.id = i.id and j.state = 'active' and j.retry_count = i.retry_count`,
          [queue, JSON.stringify(jobs.map(attemptOf)), afterMs],
        );
        held.remove(jobs);
      },
      [Symbol.dispose]: () => held[Symbol.dispose](),
    };
  }

  async counts(queue: string): Promise<QueueCounts> {
    const table = await this.#tableOf(queue);
    const [counts] = await this.#ask<QueueCounts>(
      `select count(*) filter (where state < 'active')::int as waiting,
         count(*) filter (where state = 'active')::int as taken,
         count(*) filter (where state = 'completed')::int as completed,
         count(*) filter (where state in ('failed', 'cancelled'))::int as failed
       from ${table} where name = $1`,
      [queue],
    );
    return counts!;
  }

  /** The jobs of `queue` that failed for good, the latest first. */
  async deadLetters(queue: string, most = 100): Promise<DeadLetter[]> {
    const dead = deadLetterQueueOf(queue);
    const rows = await this.#ask<{
      readonly data: Stored | null;
      readonly output: unknown;
      readonly attempts: number;
    }>(
      `select data, source_output as output, source_retry_count + 1 as attempts
       from ${await this.#tableOf(dead)} where name = $1 order by created_on desc limit $2`,
      [dead, most],
    );
    return rows.map(({ data, output, attempts }) => ({
      input: data?.input,
      reason: reasonIn(output),
      attempts,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#boss.stop({ graceful: false }).catch(() => {});
    this.#sockets[Symbol.dispose]();
  }

  /** The table that the jobs of `queue` are in. @throws {QueueFailure} if there is no such queue */
  async #tableOf(queue: string): Promise<string> {
    const found = await this.#patiently(() => this.#boss.getQueue(queue));
    if (found) return `${SCHEMA}.${found.table}`;
    throw new QueueFailure(`the database ${shownDatabase(this.#database)} has no queue ${queue}`);
  }

  async #ask<Row>(sql: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#patiently(() => this.#boss.getDb().executeSql(sql, values));
    return rows as Row[];
  }

  /** Tries again while the database is away. Every verb may be repeated. @throws {QueueFailure} */
  async #patiently<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const { patienceMs = PATIENCE_MS, signal, onAway } = this.#options;
    const startMs = performance.now();
    for (let pauseMs = 50; ; pauseMs = Math.min(1000, pauseMs * 2)) {
      try {
        const answer = await act();
        this.#isAway = false;
        return answer;
      } catch (error) {
        const failure = failureOf(error, this.#database);
        const patience = signal?.aborted ? Math.min(LAST_PATIENCE_MS, patienceMs) : patienceMs;
        const isOver = performance.now() - startMs + pauseMs > patience;
        if (!(failure instanceof QueueFailure && failure.mayPass) || isOver) throw failure;
        if (!this.#isAway) onAway?.(failure);
        this.#isAway = true;
      }
      await sleep(pauseMs);
    }
  }
}

export interface BossWorker<Input, Output> extends Working<Input, Output>, Disposable {
  /** How many outputs came when another worker had the job already: done for nothing. */
  readonly late: { readonly count: number };
}

interface Done<Input, Output> {
  readonly job: TakenJob<Input>;
  readonly output: Output;
}

/** Postgres says that a value is none for it (its class 22): text with the character NUL, or with half a character. */
function isUnstorable(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code);
}

interface HeldJob {
  readonly id: string;
  readonly retryCount: number;
  readonly heartbeatSeconds?: number | null;
}

/** Renews the heartbeats of the jobs that a worker has. */
class Heartbeats implements Disposable {
  readonly #held = new Map<string, HeldJob>();
  readonly #renew: (jobs: HeldJob[]) => Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;
  #shortestMs = Infinity;

  constructor(renew: (jobs: HeldJob[]) => Promise<unknown>) {
    this.#renew = renew;
  }

  add(job: HeldJob): void {
    this.#held.set(job.id, job);
    const everyMs = ((job.heartbeatSeconds ?? Infinity) * 1000) / RENEWALS;
    if (everyMs >= this.#shortestMs) return;
    this.#shortestMs = everyMs;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      // A failure shows at the verbs, which ask the same database.
      if (this.#held.size > 0) this.#renew([...this.#held.values()]).catch(() => {});
    }, everyMs).unref();
  }

  remove(jobs: ReadonlyArray<{ readonly id: string }>): void {
    for (const { id } of jobs) this.#held.delete(id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

interface EndedRow {
  readonly id: string;
  readonly state: string;
  readonly output: { readonly value?: unknown } | null;
  readonly attempts: number;
}

function endingOf<Output>(id: string, { state, output, attempts }: EndedRow): Ending<Output> {
  if (state === 'completed') return { id, attempts, output: output?.value as Output };
  const reason = state === 'cancelled' ? 'it was cancelled in the database' : reasonIn(output);
  return { id, attempts, reason: new Error(reason) };
}

/** What pg-boss notes for a worker that died, and our words for it. */
const DIED = 'job heartbeat timeout';

function reasonIn(output: unknown): string {
  const { message, value } = (output ?? {}) as { readonly message?: unknown; readonly value?: unknown };
  const text = typeof message === 'string' ? message : (value as { message?: unknown } | undefined)?.message;
  if (text === DIED) return 'its worker died, or did not answer any more';
  return typeof text === 'string' ? text : JSON.stringify(output);
}

const textOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** What identifies an attempt in the database. */
const attemptOf = ({ id, attempt }: Pick<TakenJob<unknown>, 'id' | 'attempt'>) => ({
  id,
  retry_count: attempt - 1,
});

/** A UUID that is always the same for the same text: version 8 of RFC 9562, from SHA-256. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
