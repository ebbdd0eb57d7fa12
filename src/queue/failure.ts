// Turns each error of the database into one clear line. The line names the database without its password.
import { oneLine } from '../printable.ts';
import { shownDatabase, withoutPassword, type Database } from './database.ts';

/** The database, or the queue in it, cannot be used. The message is for the user who chose the database. */
export class QueueFailure extends Error {
  override readonly name = 'QueueFailure';
  /** Whether the same call may succeed soon, because the database restarts or the network is down. */
  readonly mayPass: boolean;

  constructor(message: string, { mayPass = false, cause }: { mayPass?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.mayPass = mayPass;
  }
}

/** The parts of a driver's error that are read here. */
interface DatabaseError extends Error {
  /** A code of Postgres (five characters) or of the system (`ECONNREFUSED`). */
  readonly code?: string;
  readonly errors?: readonly DatabaseError[];
}

interface Kind {
  readonly when: (error: DatabaseError) => boolean;
  readonly says: (error: DatabaseError) => string;
  readonly mayPass?: true;
}

const hasCode =
  (...codes: readonly string[]) =>
  ({ code }: DatabaseError): boolean =>
    code !== undefined && codes.includes(code);

const saysText =
  (text: RegExp) =>
  ({ message }: DatabaseError): boolean =>
    text.test(message);

/** The first kind that fits decides. */
const KINDS: readonly Kind[] = [
  {
    when: hasCode('ENOTFOUND', 'EAI_AGAIN'),
    says: () => 'is on an unknown host (is the name right?)',
  },
  {
    when: hasCode('ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOENT', 'EACCES'),
    says: ({ code }) => `cannot be reached (${code})`,
    mayPass: true,
  },
  {
    when: saysText(/timeout exceeded when trying to connect|connection timeout/i),
    says: () => 'does not answer',
    mayPass: true,
  },
  {
    when: saysText(/does not support SSL/i),
    says: () => 'does not encrypt its connections, and its URL asks for that (sslmode)',
  },
  {
    when: saysText(/certificate/i),
    says: ({ message }) => `has a certificate that is not trusted (${message})`,
  },
  { when: hasCode('28P01'), says: () => 'refuses the password' },
  {
    when: saysText(/client password must be a (non-empty )?string/),
    says: () => 'asks for a password, and none was given (DATABASE_URL or PGPASSWORD can hold it)',
  },
  { when: hasCode('28000'), says: ({ message }) => `does not let this user in (${message})` },
  { when: hasCode('3D000'), says: ({ message }) => `is not there (${message})` },
  {
    when: hasCode('25006'),
    says: () => 'is read-only (a standby?), but a queue must write',
  },
  {
    when: hasCode('53100'),
    says: () => 'has no space left on its disk',
  },
  {
    when: saysText(/no space left on device/i),
    says: () => 'has no space left on its disk',
  },
  {
    when: hasCode('53300'),
    says: () => 'has no connection left; start fewer workers, or raise its max_connections',
    mayPass: true,
  },
  {
    when: hasCode('42501'),
    says: ({ message }) => `does not allow what the queue needs (${message})`,
  },
  {
    when: hasCode('57P01', '57P02', '57P03', 'ECONNRESET', 'EPIPE', '08006', '08003', '08000'),
    says: () => 'closed the connection',
    mayPass: true,
  },
  {
    when: saysText(/connection terminated|connection ended|client has encountered a connection error/i),
    says: () => 'closed the connection',
    mayPass: true,
  },
];

/** The kind of `error`, and the part of it that decides. Undefined if it is none of these kinds. */
function kindOf(error: DatabaseError): { kind: Kind; error: DatabaseError } | undefined {
  // A host with two addresses gives an error for each.
  for (const one of error.errors ?? [error]) {
    const kind = KINDS.find(({ when }) => when(one));
    if (kind) return { kind, error: one };
  }
  return undefined;
}

/** Makes a QueueFailure with one line from an error of the database. Returns every other error unchanged. */
export function failureOf(error: unknown, database: Database): unknown {
  if (error instanceof QueueFailure || !(error instanceof Error)) return error;
  const found = kindOf(error);
  const says = found ? found.kind.says(found.error) : ownWords(error);
  if (says === undefined) return error;
  const line = oneLine(`the database ${shownDatabase(database)} ${says}`);
  return new QueueFailure(withoutPassword(line, database), {
    mayPass: found?.kind.mayPass === true,
    cause: error,
  });
}

/** Postgres's own words, for an error that is not in the list. A code of Postgres has five characters. */
function ownWords({ code, message }: DatabaseError): string | undefined {
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? `says: ${message} (${code})` : undefined;
}
