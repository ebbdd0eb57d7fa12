// A real Postgres for tests: a cluster of its own, in a temporary folder, on a free port, and gone when its block ends.
// Postgres refuses to run as root, so root starts it as another user. Nothing of the system's own clusters is touched.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, readdirSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { namespace, type Namespace } from './holder.ts';
import { noSmallDisk } from './small-disk.ts';

const runFile = promisify(execFile);

/** Debian puts the programs here. They are not on PATH. */
const DEBIAN = '/usr/lib/postgresql';
/** The users that run the server if root starts it. Debian's packages make the first, and every system has the second. */
const OTHER_USERS = ['postgres', 'nobody'];

/** It is like no other word, so that a test can search for it in all that was printed. */
export const PASSWORD = 'Z9-sesame-p%40ss';
const PASSWORD_ITSELF = decodeURIComponent(PASSWORD);

/** Where a server runs, and at which address it listens. */
export interface Place {
  /** Words before a command that make it run there, for instance in a network namespace. */
  readonly within: readonly string[];
  readonly host: string;
}

const HERE: Place = { within: [], host: '127.0.0.1' };

export interface Postgres extends AsyncDisposable {
  /** Makes a new database of this name. Returns its URL. */
  database(name: string): Promise<string>;
  /** The URL of a database, by its name. `as` replaces user and password. */
  url(database: string, as?: string): string;
  /** Runs statements as the owner of everything. */
  sql(database: string, ...statements: readonly string[]): Promise<void>;
  /** Ends it as a power failure would: `pg_ctl stop -m immediate`. */
  crash(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Starts it again in another place. Disposing brings it back. */
  moved(place: Place): Promise<AsyncDisposable>;
  /** The folder of its small disk, for a tablespace. It is there where `noSmallDisk()` is false. */
  readonly disk: string;
}

/** Enough for a database with the queue's tables, and little more. */
const SMALL_DISK_MEBIBYTES = 16;

/** Why there is no Postgres here, or false. For a test's `skip`. */
export function noPostgres(): string | false {
  if (process.platform === 'win32') return 'the test cannot start a Postgres on Windows';
  return programFolder() === undefined && 'there is no Postgres here (Debian: apt-get install postgresql)';
}

function programFolder(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  return [...debianFolders(), ...onPath].find((folder) => folder !== '' && isProgram(join(folder, 'initdb')));
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(DEBIAN).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(DEBIAN, version, 'bin'));
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

async function otherUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of OTHER_USERS) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => runFile('id', [flag, name]))).catch(() => []);
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(`root cannot run Postgres, and there is no other user (${OTHER_USERS.join(', ')})`);
}

/** Words before a command. With them another user runs it, and it ends with this process, also after kill -9. */
function asUser(user: User | undefined): string[] {
  if (process.platform !== 'linux') return [];
  const ids = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : [];
  return ['setpriv', ...ids, '--pdeathsig=KILL'];
}

/**
 * Where we can mount disks, its data are on one in memory, which only the server sees: a cluster has a thousand files, and some
 * file systems are slow to make a file.
 */
async function disks(inner: string, disk: string, user: User | undefined): Promise<Namespace | undefined> {
  if (noSmallDisk()) return undefined;
  const mount = (path: string, size: string) =>
    `mount -t tmpfs -o ${size}mode=700,uid=${user?.uid},gid=${user?.gid} tmpfs ${quoted(path)}`;
  const commands = [mount(inner, ''), `mkdir ${quoted(disk)}`, mount(disk, `size=${SMALL_DISK_MEBIBYTES}m,`)];
  return namespace('mount', commands.join('; '));
}

export async function startPostgres(): Promise<Postgres> {
  await using resources = new AsyncDisposableStack();
  const programs = programFolder();
  if (programs === undefined) throw new Error(String(noPostgres()));
  const user = await otherUser();
  // The temporary folder of a test belongs to its user alone, and the server may be another one.
  const folder = resources.use(
    await temporaryFolder({ folder: '/tmp', prefix: 'async-workbench-postgres-' }),
  );
  chmodSync(folder.path, 0o711);
  const inner = join(folder.path, 'cluster');
  const disk = join(inner, 'disk');
  const passwordFile = join(folder.path, 'password');
  await mkdir(inner);
  await writeFile(passwordFile, PASSWORD_ITSELF);
  for (const path of [inner, passwordFile]) if (user) await chown(path, user.uid, user.gid);
  const ownDisks = resources.use(await disks(inner, disk, user));
  const data = join(inner, 'data');
  const port = await freePort();
  const wordsAt = (host: string) => [
    `initdb=${quoted(join(programs, 'initdb'))}; postgres=${quoted(join(programs, 'postgres'))}`,
    `as_user=${quoted(asUser(user).join(' '))}; data=${quoted(data)}`,
    `cd ${quoted(inner)}`,
    // `fsync=off` saves most of the time. It is safe here: the system keeps what a killed server has written.
    `[ -e "$data/PG_VERSION" ] || { $as_user $initdb -D "$data" -U owner -A scram-sha-256 --pwfile=${quoted(passwordFile)} --no-sync --wal-segsize=1 --locale=C -E UTF8 >/dev/null; echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"; }`,
    `exec $as_user $postgres -D "$data" ${[
      `port=${port}`,
      `listen_addresses=${host}`,
      'unix_socket_directories=',
      'fsync=off',
      'shared_buffers=16MB',
      'max_wal_size=16MB',
      'autovacuum=off',
    ]
      .map((setting) => `-c ${quoted(setting)}`)
      .join(' ')}`,
  ];
  let { host } = HERE;
  const start = async (place = HERE) => {
    ({ host } = place);
    const shell = ['sh', '-ec', wordsAt(host).join('\n')];
    const [program, ...rest] = [...place.within, ...(ownDisks?.within ?? []), ...shell];
    const server = spawn(program!, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    await isReady(server);
    return server;
  };
  let server = await start();
  resources.defer(() => stop(server, 'SIGINT'));
  const restart = async (place = HERE) => {
    await stop(server, 'SIGINT');
    server = await start(place);
  };
  const url = (database: string, as = `owner:${PASSWORD}`) => `postgres://${as}@${host}:${port}/${database}`;
  const sql = async (database: string, ...statements: readonly string[]) => {
    const client = new Client({ connectionString: url(database) });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const owned = resources.move();
  return {
    url,
    sql,
    disk,
    async database(name) {
      await sql('postgres', `create database ${name}`);
      return url(name);
    },
    crash: () => stop(server, 'SIGQUIT'),
    restart,
    async moved(place) {
      await restart(place);
      return { [Symbol.asyncDispose]: restart };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** @throws {Error} with the server's last lines, if it ends first */
async function isReady(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  createInterface({ input: server.stderr! }).on('line', (line) => {
    said.push(line);
    if (line.includes('ready to accept connections')) ready.resolve();
  });
  const [code] = await Promise.race([ready.promise.then(() => ['ready']), once(server, 'exit')]);
  if (code !== 'ready') throw new Error(`Postgres ended with ${code}: ${said.slice(-5).join(' / ')}`);
}

async function stop(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

/**
 * Below the ports that Linux and others give to whoever asks for any port: those begin at 32,768. So nobody else takes the port
 * of a server between its choice and its start, or while the server is restarted.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;

/** A free port of 127.0.0.1. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + randomInt(PORTS.count);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
