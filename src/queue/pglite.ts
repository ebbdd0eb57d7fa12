// PGlite behind a port. PGlite has one session, and pglite-socket shares it among all connections, one message at a time.
// A driver sends a query as several messages: Parse, Bind, Execute, Sync. If the network cuts a long query in two, a message
// of another connection may come in between. Then Bind finds the statement of another connection, and the query fails, or
// worse, takes wrong values (pglite issue 1046). pglite-socket does not interrupt a transaction. So we tell it that an
// unfinished query is a transaction.
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** The first bytes of the messages that end a query: Sync, Query, FunctionCall, Terminate, and the one that opens a connection. */
const ENDS_A_QUERY: ReadonlySet<number | undefined> = new Set([...Buffer.from('SQFX'), 0]);
const SYNC = Uint8Array.from([...Buffer.from('S'), 0, 0, 0, 4]);

/** Far more than a run of ours needs. */
const MOST_CONNECTIONS = 1000;

class WholeQueries extends PGlite {
  #isInQuery = false;

  override async execProtocolRawStream(
    message: Uint8Array,
    options: Parameters<PGlite['execProtocolRawStream']>[1],
  ): Promise<void> {
    this.#isInQuery = !ENDS_A_QUERY.has(message[0]);
    try {
      await super.execProtocolRawStream(message, options);
    } catch (error) {
      // Postgres answers a wrong query with a message. It throws only when it crashes (a trap, or no memory). Then the socket
      // server would let all connections wait for ever, so this process ends.
      console.error(error);
      process.exit(1);
    }
  }

  override isInTransaction(): boolean {
    return this.#isInQuery || super.isInTransaction();
  }

  /** The socket server calls this to roll back when a connection ends. That may be in the middle of a query. */
  override async exec(...rest: Parameters<PGlite['exec']>): ReturnType<PGlite['exec']> {
    if (this.#isInQuery) {
      this.#isInQuery = false;
      await this.execProtocolRaw(SYNC);
    }
    return super.exec(...rest);
  }
}

/** Serves the data in `folder` on 127.0.0.1; port 0 takes a free one. */
export async function servePglite(
  folder: string,
  port: number,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const database = new WholeQueries({ dataDir: folder });
  await database.waitReady;
  const server = new PGLiteSocketServer({
    db: database,
    host: '127.0.0.1',
    port,
    maxConnections: MOST_CONNECTIONS,
  });
  await server.start();
  return {
    url: `postgres://postgres@${server.getServerConn()}/postgres`,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await database.close();
    },
  };
}
