// An open database with pg-boss in it: how it is opened, and how it is asked while it comes and goes.
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
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

/** Opens the database, and makes pg-boss's tables there if they are missing. @throws {QueueFailure} */
export async function connect(database: ServerDatabase, options: BossOptions = {}): Promise<Connection> {
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
    return new Connection(await started(make, database), database, options, sockets);
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

const PATIENCE_MS = 30_000;
/** Whoever was asked to stop waits no longer than this for a database that is away. */
const LAST_PATIENCE_MS = 1000;

export class Connection implements AsyncDisposable {
  readonly boss: PgBoss;
  readonly #database: ServerDatabase;
  readonly #options: BossOptions;
  readonly #sockets: Disposable;
  /** Whether the database was away when it was last asked. */
  #isAway = false;

  constructor(boss: PgBoss, database: ServerDatabase, options: BossOptions, sockets: Disposable) {
    this.boss = boss;
    this.#sockets = sockets;
    this.#database = database;
    this.#options = options;
  }

  /** The table that the jobs of `queue` are in. @throws {QueueFailure} if there is no such queue */
  async tableOf(queue: string): Promise<string> {
    const found = await this.patiently(() => this.boss.getQueue(queue));
    if (found) return `${SCHEMA}.${found.table}`;
    throw new QueueFailure(`the database ${shownDatabase(this.#database)} has no queue ${queue}`);
  }

  async ask<Row>(sql: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.patiently(() => this.boss.getDb().executeSql(sql, values));
    return rows as Row[];
  }

  /** Tries again while the database is away. Every verb may be repeated. @throws {QueueFailure} */
  async patiently<Answer>(act: () => Promise<Answer>): Promise<Answer> {
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.boss.stop({ graceful: false }).catch(() => {});
    this.#sockets[Symbol.dispose]();
  }
}
