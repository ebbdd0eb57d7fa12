// The database of the lessons: PGlite, which is Postgres in WebAssembly, in this process. `pg` talks to it as it talks to
// any Postgres, but over wires in memory. So a lesson can run on virtual time, and its output is always the same.
//
// PGlite has a single session. It works on one query at a time. While a transaction is open, it serves only the connection of
// this transaction. A Postgres server has a process for each connection, and these work side by side. So a lesson may count
// what waits in the program, in the pool and on the wires. It must not draw conclusions about the inside of the database.
import { setTimeout as wait } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { compilingLate } from '../../src/queue/quick-start.ts';
import { preparedData } from './prepared.ts';
import { Wire, type RequestKind } from './wire.ts';

export interface DatabaseOptions {
  /** Statements that run before anybody connects. */
  readonly schema?: string;
  /** How long a query takes to the database and back, in milliseconds. To open a connection takes no time. */
  readonly roundTripMs?: number;
}

export class Database implements AsyncDisposable {
  readonly #pglite: PGlite;
  readonly #roundTripMs: number;
  #isBusy = false;
  /** The wire whose transaction is open. */
  #inTransaction: Wire | undefined;
  #changed = Promise.withResolvers<void>();
  #inFlight = 0;
  #mostInFlight = 0;

  private constructor(pglite: PGlite, roundTripMs: number) {
    this.#pglite = pglite;
    this.#roundTripMs = roundTripMs;
  }

  static async open({ schema, roundTripMs = 0 }: DatabaseOptions = {}): Promise<Database> {
    const loadDataDir = await preparedData();
    const pglite = await compilingLate(() => PGlite.create({ loadDataDir }));
    if (schema !== undefined) await pglite.exec(schema);
    return new Database(pglite, roundTripMs);
  }

  /** The options with which a client or a pool of `pg` reaches this database. */
  get connection() {
    const stream = () => {
      const wire: Wire = new Wire((request, kind) => this.#answer(wire, request, kind));
      return wire;
    };
    return { stream, user: 'postgres', database: 'postgres' };
  }

  /** How many queries are on their way to the database, in it, or on their way back. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The most that were in flight at once since the last call. */
  takeMostInFlight(): number {
    const most = this.#mostInFlight;
    this.#mostInFlight = this.#inFlight;
    return most;
  }

  async #answer(wire: Wire, request: Buffer, kind: RequestKind): Promise<Uint8Array> {
    if (kind === 'goodbye') {
      await this.#forget(wire);
      return request;
    }
    if (kind === 'startup') return this.#ask(wire, request);
    this.#inFlight += 1;
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight);
    try {
      if (this.#roundTripMs > 0) await wait(this.#roundTripMs);
      return await this.#ask(wire, request);
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #ask(wire: Wire, request: Uint8Array): Promise<Uint8Array> {
    while (this.#isBusy || (this.#inTransaction ?? wire) !== wire) await this.#changed.promise;
    this.#isBusy = true;
    try {
      // A copy: PGlite writes its next answer over this one.
      return Buffer.from(await this.#pglite.execProtocolRaw(request));
    } finally {
      this.#isBusy = false;
      this.#inTransaction = this.#pglite.isInTransaction() ? wire : undefined;
      this.#tell();
    }
  }

  /** When a connection ends, its open transaction is rolled back. */
  async #forget(wire: Wire): Promise<void> {
    if (this.#inTransaction !== wire) return;
    await this.#pglite.exec('rollback');
    this.#inTransaction = undefined;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pglite.close();
  }
}
