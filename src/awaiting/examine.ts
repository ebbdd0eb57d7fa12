// Checks a process before a signal is sent to it, by what Linux tells. SIGUSR1 makes Node open its inspector, but it
// ends nearly every other program. So a process gets it only if it surely is Node, and surely catches the signal.
import { open, readdir, readFile, readlink, stat } from 'node:fs/promises';

/** We cannot get into the process; the message says why, and what would help. */
export class AttachError extends Error {
  override readonly name = 'AttachError';
}

export interface InspectorSettings {
  /** The port at which the process would open its inspector. */
  readonly inspectPort: number;
  /** The process was started with its inspector open. */
  readonly isInspected: boolean;
}

export interface ProcessStatus {
  readonly name: string;
  /** The letter by which Linux calls it: R runs, S sleeps, T stopped, t traced, Z ended. */
  readonly state: string;
  readonly threadGroup: number;
  readonly parent: number;
  readonly tracer: number;
  readonly user: number;
  readonly blocks: (signal: number) => boolean;
  readonly ignores: (signal: number) => boolean;
  readonly catches: (signal: number) => boolean;
}

const DEFAULT_PORT = 9229;
const SIGUSR1 = 10;
const HIGHEST_PID = 2 ** 22;
const NOTHING_SENT = 'Nothing was sent to it';

/** Only Node has these bytes: a message of its inspector, and the name of a function that it offers to addons. */
const INSPECTOR_MARK = Buffer.from('Starting inspector on %s:%d failed');
const NODE_MARK = Buffer.from('_ZN4node4StopE');

/** @throws {AttachError} unless the process is Node and would open its inspector when asked */
export async function examine(pid: number): Promise<InspectorSettings> {
  if (process.platform !== 'linux') {
    throw new AttachError('a PID works on Linux only; start the program with --inspect and use --port 9229');
  }
  const status = pid > 0 && pid <= HIGHEST_PID ? await statusOf(pid) : undefined;
  if (!status) throw new AttachError(`there is no process ${pid}`);
  refuseState(pid, status);
  await refuseOthers(pid, status);
  await refuseNamespace(pid);
  if (status.blocks(SIGUSR1) || status.ignores(SIGUSR1)) {
    const does = status.blocks(SIGUSR1) ? 'blocks' : 'ignores';
    throw new AttachError(
      `process ${pid} ${does} SIGUSR1 and cannot be asked to open its inspector: it was started with --disable-sigusr1. Start it with --inspect and use --port 9229`,
    );
  }
  if (!status.catches(SIGUSR1)) {
    throw new AttachError(
      `process ${pid} does not catch SIGUSR1, so the signal would end it. It is still starting up, or its inspector is disabled. ${NOTHING_SENT}`,
    );
  }
  const flags = [...(await nodeOptionsOf(pid)), ...(await textOf(`/proc/${pid}/cmdline`)).split('\0')];
  return {
    inspectPort: inspectPortOf(flags),
    isInspected: flags.some((flag) => /^--inspect(?:-brk|-wait)?(?:=|$)/.test(flag)),
  };
}

export async function statusOf(pid: number): Promise<ProcessStatus | undefined> {
  const status = await textOf(`/proc/${pid}/status`);
  if (status === '') return undefined;
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
  const has = (name: string) => (signal: number) =>
    ((BigInt(`0x${field(name) || '0'}`) >> BigInt(signal - 1)) & 1n) === 1n;
  return {
    name: /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '',
    state: field('State'),
    threadGroup: Number(field('Tgid')),
    parent: Number(field('PPid')),
    tracer: Number(field('TracerPid')),
    user: Number(field('Uid')),
    blocks: has('SigBlk'),
    ignores: has('SigIgn'),
    catches: has('SigCgt'),
  };
}

function refuseState(pid: number, { threadGroup, state, parent, tracer }: ProcessStatus): void {
  if (threadGroup !== pid) {
    throw new AttachError(
      `${pid} is a thread of process ${threadGroup}: give ${threadGroup}, and --threads for worker threads`,
    );
  }
  if (state === 'Z' || state === 'X') {
    throw new AttachError(
      `process ${pid} has ended already; it is listed until its parent, process ${parent}, asks about it`,
    );
  }
  if (state === 'T') {
    throw new AttachError(`process ${pid} is stopped (SIGSTOP, or Ctrl-Z); kill -CONT ${pid} lets it go on`);
  }
  if (state === 't') throw new AttachError(`process ${pid} is held by a debugger, process ${tracer}`);
}

/** @throws {AttachError} if the process is someone else's, or no Node with an inspector */
async function refuseOthers(pid: number, { user, name }: ProcessStatus): Promise<void> {
  const self = process.geteuid?.() ?? user;
  if (self !== 0 && self !== user) {
    throw new AttachError(
      `process ${pid} belongs to user ${user}, and you are user ${self}: only its owner or root can look into it`,
    );
  }
  const exe = await readlink(`/proc/${pid}/exe`).catch((error: NodeJS.ErrnoException) => error);
  if (exe instanceof Error) {
    if (!(await statusOf(pid))) throw new AttachError(`process ${pid} ended meanwhile`);
    throw new AttachError(
      exe.code === 'ENOENT'
        ? `process ${pid} is not Node: it has no program file (${name}). ${NOTHING_SENT}`
        : `the system lets nobody look at what process ${pid} (${name}) runs, so it may not be Node. ${NOTHING_SENT}`,
    );
  }
  if (process.features.inspector && (await runsOurProgram(pid))) return;
  const found = await marksIn(pid);
  if (found.inspector) return;
  throw new AttachError(
    found.node
      ? `process ${pid} is a Node that was built without an inspector (${exe}). ${NOTHING_SENT}`
      : `process ${pid} is not Node: it runs ${exe}. ${NOTHING_SENT}`,
  );
}

/** Whether the process runs the same file as we do. Then it is Node too, and its program need not be read. */
async function runsOurProgram(pid: number): Promise<boolean> {
  const [own, its] = await Promise.all(
    ['self', pid].map((whose) => stat(`/proc/${whose}/exe`, { bigint: true }).catch(() => undefined)),
  );
  return own !== undefined && own.dev === its?.dev && own.ino === its.ino;
}

/** Its name says little: a Node can be called anything, and anything can be called node. So we read the program itself. */
async function marksIn(pid: number): Promise<{ inspector: boolean; node: boolean }> {
  const found = await marksOf(`/proc/${pid}/exe`);
  if (found.inspector || found.node) return found;
  // Some systems keep all of Node in a library, and the program is a small file that loads it.
  const libraries = (await textOf(`/proc/${pid}/maps`)).matchAll(/\s(\/\S*\/libnode\.so\S*)$/gm);
  for (const library of new Set([...libraries].map(([, path]) => path!))) {
    const inside = await marksOf(`/proc/${pid}/root${library}`);
    if (inside.inspector || inside.node) return inside;
  }
  return found;
}

const PIECE_BYTES = 4 * 2 ** 20;

async function marksOf(path: string): Promise<{ inspector: boolean; node: boolean }> {
  const found = { inspector: false, node: false };
  const file = await open(path).catch(() => undefined);
  if (!file) return found;
  try {
    // A mark may lie across two pieces: each piece begins with the end of the one before.
    const overlap = INSPECTOR_MARK.length;
    const piece = Buffer.alloc(overlap + PIECE_BYTES);
    for (let position = 0; ; position += PIECE_BYTES) {
      const { bytesRead } = await file.read(piece, overlap, PIECE_BYTES, position);
      const text = piece.subarray(0, overlap + bytesRead);
      found.inspector ||= text.includes(INSPECTOR_MARK);
      found.node ||= text.includes(NODE_MARK);
      if (found.inspector || bytesRead < PIECE_BYTES) return found;
      piece.copyWithin(0, PIECE_BYTES);
    }
  } finally {
    await file.close();
  }
}

/** A process in a container can be seen and signalled from here, but its ports cannot be reached. */
async function refuseNamespace(pid: number): Promise<void> {
  const [own, its] = await Promise.all(
    ['self', pid].map((whose) => readlink(`/proc/${whose}/ns/net`).catch(() => undefined)),
  );
  if (own === undefined || its === undefined || own === its) return;
  throw new AttachError(
    `process ${pid} runs in a container with a network of its own: its inspector cannot be reached from here. Run this command inside it. ${NOTHING_SENT}`,
  );
}

async function nodeOptionsOf(pid: number): Promise<string[]> {
  const environment = (await textOf(`/proc/${pid}/environ`)).split('\0');
  return environment.flatMap((line) =>
    line.startsWith('NODE_OPTIONS=') ? line.slice('NODE_OPTIONS='.length).split(/\s+/) : [],
  );
}

function inspectPortOf(flags: readonly string[]): number {
  const ports = flags.flatMap((flag) => {
    const match = /^--inspect(?:-brk|-wait|-port)?=(?:.*:)?(\d+)$/.exec(flag);
    return match ? [Number(match[1])] : [];
  });
  return ports.at(-1) ?? DEFAULT_PORT;
}

interface TcpSocket {
  readonly socket: string;
  readonly port: number;
  readonly isListening: boolean;
}

/** The TCP sockets of this machine, as far as the process `pid` sees them. The kernel takes milliseconds to list them. */
async function tcpSockets(pid: number | 'self', table: 'tcp' | 'tcp6'): Promise<TcpSocket[]> {
  const lines = (await textOf(`/proc/${pid}/net/${table}`)).split('\n');
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , socket] = line.trim().split(/\s+/);
    if (socket === undefined || !/^\d+$/.test(socket)) return [];
    const port = Number.parseInt(local!.slice(local!.lastIndexOf(':') + 1), 16);
    return [{ socket, port, isListening: state === '0A' }];
  });
}

/** The TCP ports on which the process listens. */
export async function listeningPorts(pid: number): Promise<Set<number>> {
  const ports = new Set<number>();
  // Node's pipes to other processes are Unix sockets. Many processes have only such sockets: no list of TCP is read for them.
  let unknown = (await socketsOf(pid)).difference(await unixSockets(pid));
  for (const table of ['tcp', 'tcp6'] as const) {
    if (unknown.size === 0) break;
    const sockets = await tcpSockets(pid, table);
    for (const { socket, port, isListening } of sockets) {
      if (isListening && unknown.has(socket)) ports.add(port);
    }
    unknown = unknown.difference(new Set(sockets.map(({ socket }) => socket)));
  }
  return ports;
}

async function unixSockets(pid: number): Promise<Set<string>> {
  const lines = (await textOf(`/proc/${pid}/net/unix`)).split('\n');
  return new Set(lines.flatMap((line) => line.split(/\s+/)[6] ?? []));
}

async function socketsOf(pid: number | string): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** Who has the port, in words; undefined if nobody has. */
export async function ownerOfPort(port: number): Promise<string | undefined> {
  const tables = await Promise.all([tcpSockets('self', 'tcp'), tcpSockets('self', 'tcp6')]);
  const sockets = tables
    .flat()
    .flatMap((each) => (each.isListening && each.port === port ? [each.socket] : []));
  if (sockets.length === 0) return undefined;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const own = await socketsOf(pid);
    if (!sockets.some((socket) => own.has(socket))) continue;
    return `process ${pid} (${(await statusOf(Number(pid)))?.name ?? '?'})`;
  }
  return 'another process';
}

export interface ProcessMemory {
  readonly residentBytes: number;
  /** The most that it ever had. */
  readonly peakBytes: number;
}

/** Undefined where the system does not tell. */
export async function memoryOf(pid: number): Promise<ProcessMemory | undefined> {
  const status = await textOf(`/proc/${pid}/status`);
  const bytes = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
  const residentBytes = bytes('VmRSS');
  const peakBytes = bytes('VmHWM');
  return residentBytes > 0 && peakBytes > 0 ? { residentBytes, peakBytes } : undefined;
}

export async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
