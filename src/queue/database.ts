// Chooses the database of the queue: a server that runs already, or an embedded one that we start. `--database` decides, then
// DATABASE_URL. Without both it is the embedded one. Texts and pages get the form of `shownDatabase`, which has no password.
import { UsageError } from '../usage-error.ts';

/** A Postgres that runs already. */
export interface ServerDatabase {
  readonly kind: 'server';
  /** It has the password, so it goes only to the driver. */
  readonly url: string;
}

/** PGlite, which is Postgres in WebAssembly, in a process of ours. */
export interface EmbeddedChoice {
  readonly kind: 'embedded';
  /** A data folder that is kept, as it was typed. Without it, the data are gone when the process ends. */
  readonly folder?: string;
}

export type Database = ServerDatabase | EmbeddedChoice;

const EXPECTED = 'expected postgres://USER@HOST:PORT/NAME or pglite:FOLDER';

/**
 * The database that was asked for.
 * @throws {UsageError} that says what was expected. It never repeats the text that came, which may hold a password.
 */
export function chosenDatabase(
  typed: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Database {
  if (typed !== undefined) return databaseAt(typed, '--database');
  const url = environment['DATABASE_URL'];
  return url ? databaseAt(url, 'DATABASE_URL') : { kind: 'embedded' };
}

/**
 * The same for a command that has this process for itself. It also hides the password. It removes DATABASE_URL from the
 * environment, so child processes do not get it, and NODE_DEBUG does not print it. It changes the title of the process, so
 * `ps` does not show what was typed, if the system allows that. npm and the shell still show it: DATABASE_URL is better.
 */
export function takeDatabase(
  typed: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Database {
  const database = chosenDatabase(typed, environment);
  delete environment['DATABASE_URL'];
  if (typed !== undefined) process.title = 'async-workbench';
  return database;
}

function databaseAt(text: string, source: string): Database {
  const [, folder] = /^pglite:(.+)$/s.exec(text) ?? [];
  if (folder !== undefined) return { kind: 'embedded', folder };
  if (!/^postgres(?:ql)?:\/\//i.test(text)) {
    throw new UsageError(`${source}: ${EXPECTED}, got ${kindOfText(text)}`);
  }
  if (!URL.canParse(text)) {
    throw new UsageError(
      `${source}: ${EXPECTED}, got a URL that cannot be read; is a part of it not escaped?`,
    );
  }
  return { kind: 'server', url: text };
}

/** Describes the text so that the reader sees the mistake. It repeats no part that may hold a password. */
function kindOfText(text: string): string {
  if (text.trim() === '') return 'an empty text';
  const [, scheme] = /^([a-z][a-z0-9+.-]{0,20}):\/\//i.exec(text) ?? [];
  return scheme === undefined ? 'something else' : `a URL that begins with ${scheme}://`;
}

/** The database in words, without a password: `postgres://me@db:5432/orders`. */
export function shownDatabase(database: Database): string {
  if (database.kind === 'embedded')
    return database.folder === undefined ? 'PGlite' : `PGlite in ${database.folder}`;
  const { protocol, username, hostname, port, pathname } = new URL(database.url);
  const user = username === '' ? '' : `${username}@`;
  return `${protocol}//${user}${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}

/** Replaces every password of `database` in `text` by stars. The text may come from a driver or a server. */
export function withoutPassword(text: string, database: Database): string {
  if (database.kind === 'embedded') return text;
  return secretsIn(database.url).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** The password as it was typed, and as it is sent. The query of a URL may hold one too. The longest comes first. */
function secretsIn(url: string): string[] {
  const { password, searchParams, search } = new URL(url);
  const [, typed = ''] = /:\/\/[^/]*?:([^/]*)@/.exec(url) ?? [];
  const inQuery = ['password', 'sslpassword'].flatMap((name) => searchParams.getAll(name));
  const [, typedInQuery = ''] = /[?&](?:ssl)?password=([^&]*)/.exec(search) ?? [];
  const all = [typed, password, decoded(password), ...inQuery, typedInQuery];
  return [...new Set(all)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
