// Opens a database with pg-boss in it, and asks it again while it is away for a moment.
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
   * The time between two looks for jobs of dead workers, in seconds. 0 leaves the looks to other processes. If several
   * processes look, the database still does it only once in that time. A look costs PGlite some 90 ms of CPU time. Default: 5.
   */
  readonly superviseSeconds?: number;
  /** How long the database may be away before a call fails, in milliseconds. Default: 30,000. */
  readonly patienceMs?: number;
  /** After its abort, calls wait at most a second for a database that is away. */
  readonly signal?: AbortSignal | undefined;
  /** Is called each time that the database goes away. */
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
      // pg-boss hands this on to the driver.
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
    // pg-boss retries its background work by itself. If a connection breaks, the next call fails and says so.
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
 * All sockets of the driver. If the server asks for a password and none was given, the driver drops its socket without
 * closing it. Then the process would never end, so we close all of them.
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

/** Makes tables only if they are missing: then a user without the right to make tables can use those that are there. */
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

/** Refuses tables of a newer version of pg-boss, because they may have another meaning. Older ones are migrated. */
async function refuseNewer(boss: PgBoss, database: ServerDatabase): Promise<void> {
  const found = await boss.schemaVersion();
  const { default: own } = (await import('pg-boss/dist/schema.json', { with: { type: 'json' } })) as {
    default: { readonly version: number };
  };
  if (found === null || found < own.version) return;
  await boss.stop({ graceful: false }).catch(() => {});
  throw new QueueFailure(
    `the database ${shownDatabase(database)} has the queue's tables in version ${found}, but this program is older and knows only version ${own.version}`,
  );
}

const PATIENCE_MS = 30_000;
/** After the signal's abort, calls wait this long for a database that is away, in milliseconds. */
const LAST_PATIENCE_MS = 1000;

export class Connection implements AsyncDisposable {
  readonly boss: PgBoss;
  readonly #database: ServerDatabase;
  readonly #options: BossOptions;
  readonly #sockets: Disposable;
  /** Whether the last call found the database away. */
  #isAway = false;

  constructor(boss: PgBoss, database: ServerDatabase, options: BossOptions, sockets: Disposable) {
    this.boss = boss;
    this.#sockets = sockets;
    this.#database = database;
    this.#options = options;
  }

  /** The table with the jobs of `queue`. @throws {QueueFailure} if there is no such queue */
  async tableOf(queue: string): Promise<string> {
    const found = await this.patiently(() => this.boss.getQueue(queue));
    if (found) return `${SCHEMA}.${found.table}`;
    throw new QueueFailure(`the database ${shownDatabase(this.#database)} has no queue ${queue}`);
  }

  async ask<Row>(sql: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.patiently(() => this.boss.getDb().executeSql(sql, values));
    return rows as Row[];
  }

  /** Tries again while the database is away. Every call here may be repeated. @throws {QueueFailure} */
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
