// The embedded database: PGlite, which is Postgres in WebAssembly. It runs in a process of its own, behind a port of
// 127.0.0.1. Every client of Postgres can use it. It serves one query at a time. Its data survive the end of its process, but
// not a power failure: PGlite does not wait until the disk has them.
//
//   await using database = await startEmbedded();
//   const client = new pg.Client(database.url);
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildError, startChild, type ChildOptions } from '../child.ts';
import { shownName } from '../printable.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { typedPath } from '../files/typed-path.ts';
import { UsageError } from '../usage-error.ts';

export interface EmbeddedDatabase extends AsyncDisposable {
  /** For any client of Postgres: `postgres://postgres@127.0.0.1:40123/postgres`. */
  readonly url: string;
  readonly pid: number;
  hasEnded(): boolean;
  /** @throws {ChildError} if its process has ended; the signal's reason */
  cost(): Promise<EmbeddedCost>;
}

export interface EmbeddedOptions extends Pick<ChildOptions, 'signal' | 'env'> {
  /** Where the data are kept, as it was typed. Without it, they are in a temporary folder, which is removed at the end. */
  readonly folder?: string | undefined;
  /** The port. Without it, the system chooses a free one. */
  readonly port?: number;
}

/** The settings of its process. */
export interface EmbeddedSettings {
  /** An absolute path. It is made if it is missing. */
  readonly folder: string;
  readonly port: number;
}

/** The first message of its process. */
export type EmbeddedAnswer =
  | { readonly url: string; readonly pid: number }
  /** Why it does not serve from this folder, in words for the user who chose the folder. */
  | { readonly refused: string };

/** A question to its process. The answer to both is what it has cost so far. */
export interface EmbeddedQuestion {
  readonly ask: 'close' | 'cost';
}

export interface EmbeddedCost {
  /** CPU time of its process since it began, in milliseconds. */
  readonly cpuMs: number;
}

/** How long a proper end may take, in milliseconds. */
const CLOSING_MS = 5000;

/**
 * Starts PGlite. Disposing closes it. Aborting kills it.
 * @throws {UsageError} if `folder` cannot be its data folder; {ChildError} if the process ends; the signal's reason
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const { folder: typed, port = 0, ...childOptions } = options;
  await using resources = new AsyncDisposableStack();
  const folder =
    typed === undefined
      ? `${resources.use(await temporaryFolder({ prefix: 'async-workbench-database-' })).path}/data`
      : typedPath(typed);
  const settings: EmbeddedSettings = { folder, port };
  const child = resources.use(
    startChild(new URL('./embedded-process.ts', import.meta.url), settings, childOptions),
  );
  const receive = <Message>(): Promise<Message> =>
    child.receive<Message>().catch((error: unknown) => {
      throw error instanceof ChildError ? new ChildError(`the embedded database: ${error.message}`) : error;
    });
  const answer = await receive<EmbeddedAnswer>();
  if ('refused' in answer) {
    throw new UsageError(`pglite:${shownName(typed ?? folder)}: ${answer.refused}`);
  }
  const ask = (question: EmbeddedQuestion): Promise<EmbeddedCost> => {
    child.send(question);
    return receive<EmbeddedCost>();
  };
  // A folder that is kept is closed properly, so that the next start need not repair it. A temporary one need not be.
  if (typed !== undefined) {
    resources.defer(async () => {
      // If its disk is full, it may not answer any more. Then its data are as after a crash.
      const patience = new AbortController();
      const closed = ask({ ask: 'close' }).catch(() => {});
      await Promise.race([closed, sleep(CLOSING_MS, undefined, { signal: patience.signal })]).catch(() => {});
      patience.abort();
    });
  }
  const owned = resources.move();
  return {
    url: answer.url,
    pid: answer.pid,
    hasEnded: () => child.hasEnded(),
    cost: () => ask({ ask: 'cost' }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
