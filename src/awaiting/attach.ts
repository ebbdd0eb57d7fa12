// The way into a running Node process. SIGUSR1 makes Node open its inspector, and kills nearly every other program:
// so we look at the process first, and send nothing unless it is Node and catches the signal.
import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { connect, InspectorError, type Connection } from './inspector.ts';

/** We could not get into the process; the message says why, and what would help. */
export class AttachError extends Error {
  override readonly name = 'AttachError';
}

export interface Attached extends AsyncDisposable {
  readonly session: Connection;
  readonly pid: number;
}

const DEFAULT_PORT = 9229;
const OPENING_MS = 5000;
const CLOSING_MS = 2000;
const SIGUSR1 = 10;

/** Disposing closes the inspector again if it was closed before. @throws {AttachError} */
export async function attachToPid(pid: number): Promise<Attached> {
  const { inspectPort } = await examine(pid);
  const before = await listeningPorts(pid);
  if (before.has(inspectPort)) {
    const url = await inspectorAt(inspectPort);
    if (url) return attached(url, pid, false);
    throw new AttachError(`process ${pid} listens on port ${inspectPort}, but no inspector answers there`);
  }
  if (await isTaken(inspectPort)) {
    throw new AttachError(
      `port ${inspectPort}, where process ${pid} would open its inspector, is taken by another process; end that one, or start yours with --inspect=127.0.0.1:0`,
    );
  }
  process.kill(pid, 'SIGUSR1');
  const url = await openedInspector(pid, before);
  return attached(url, pid, true);
}

/** For a process whose inspector is open. @throws {AttachError} if nobody answers on the port */
export async function attachToPort(port: number): Promise<Attached> {
  const url = await inspectorAt(port);
  if (!url) throw new AttachError(`no inspector of Node answers on 127.0.0.1:${port}`);
  return attached(url, undefined, false);
}

async function attached(url: string, expectedPid: number | undefined, weOpened: boolean): Promise<Attached> {
  const session = await connect(url).catch((error: unknown) => {
    throw new AttachError(error instanceof InspectorError ? error.message : String(error));
  });
  // A busy target does not answer; then the port is known to be its own, from the list of its sockets.
  const pid =
    expectedPid ??
    (await session
      .post<{ result: { value?: number } }>(
        'Runtime.evaluate',
        { expression: 'process.pid', returnByValue: true },
        { withinMs: 2000 },
      )
      .then(
        ({ result }) => result.value ?? 0,
        () => 0,
      ));
  return {
    session,
    pid,
    async [Symbol.asyncDispose]() {
      if (weOpened) {
        // Closing waits for its conversations to end, so the answer to this can never come.
        session
          .post('Runtime.evaluate', { expression: 'setTimeout(() => process._debugEnd()), undefined' })
          .catch(() => {});
        const late = Promise.withResolvers<void>();
        const timer = setTimeout(late.resolve, CLOSING_MS);
        await Promise.race([session.closed, late.promise]);
        clearTimeout(timer);
      }
      await session[Symbol.asyncDispose]();
    },
  };
}

interface Examined {
  readonly inspectPort: number;
}

async function examine(pid: number): Promise<Examined> {
  if (process.platform !== 'linux') {
    throw new AttachError('a PID works on Linux only; start the program with --inspect and use --port 9229');
  }
  const exe = await readlink(`/proc/${pid}/exe`).catch((error: NodeJS.ErrnoException) => error);
  if (exe instanceof Error) {
    if (exe.code === 'EACCES' || exe.code === 'EPERM') {
      throw new AttachError(
        `process ${pid} belongs to someone else: only its owner or root can look into it`,
      );
    }
    const isThere = await readFile(`/proc/${pid}/stat`).then(
      () => true,
      () => false,
    );
    throw new AttachError(
      isThere ? `process ${pid} is not Node: it has no program file` : `there is no process ${pid}`,
    );
  }
  const program = basename(exe.replace(/ \(deleted\)$/, ''));
  if (!/^node(?:js)?(?:-?\d+)?$/.test(program)) {
    throw new AttachError(`process ${pid} is not Node: it runs ${exe}. Nothing was sent to it`);
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const environment = (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).split('\0');
  const nodeOptions =
    environment
      .find((line) => line.startsWith('NODE_OPTIONS='))
      ?.slice(13)
      .split(' ') ?? [];
  const isCaught = ((caught >> BigInt(SIGUSR1 - 1)) & 1n) === 1n;
  if (!isCaught) {
    throw new AttachError(
      `process ${pid} has its inspector disabled or still starts: it does not catch SIGUSR1, which would end it. Nothing was sent to it`,
    );
  }
  return { inspectPort: inspectPortOf([...nodeOptions, ...command]) };
}

function inspectPortOf(flags: readonly string[]): number {
  const ports = flags.flatMap((flag) => {
    const match = /^--inspect(?:-brk|-wait|-port)?=(?:.*:)?(\d+)$/.exec(flag);
    return match ? [Number(match[1])] : [];
  });
  return ports.findLast((port) => port > 0) ?? DEFAULT_PORT;
}

/** The TCP ports on which the process listens. */
async function listeningPorts(pid: number): Promise<Set<number>> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const table = await readFile(`/proc/${pid}/net/tcp`, 'utf8').catch(() => '');
  const ports = table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === '0A' && inode && inodes.has(inode) ? [Number.parseInt(local!.split(':')[1]!, 16)] : [];
  });
  return new Set(ports);
}

async function openedInspector(pid: number, before: ReadonlySet<number>): Promise<string> {
  const until = performance.now() + OPENING_MS;
  while (performance.now() < until) {
    const now = await listeningPorts(pid);
    for (const port of now.difference(before)) {
      const url = await inspectorAt(port);
      if (url) return url;
    }
    const isAlive = await readFile(`/proc/${pid}/stat`).then(
      () => true,
      () => false,
    );
    if (!isAlive) throw new AttachError(`process ${pid} ended meanwhile`);
    await pause(20);
  }
  throw new AttachError(
    `process ${pid} did not open its inspector within ${OPENING_MS / 1000} s: ${await whyNot(pid)}`,
  );
}

/** What Linux says about the main thread. */
async function whyNot(pid: number): Promise<string> {
  const waiting = (await readFile(`/proc/${pid}/wchan`, 'utf8').catch(() => '')).trim();
  const state = /^State:\s*(\S)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1];
  if (waiting.includes('futex')) {
    return 'its main thread sleeps in a lock (Atomics.wait, or a synchronous call that waits for another thread). It opens the inspector when it wakes';
  }
  if (waiting.includes('wait') && !waiting.includes('epoll') && !waiting.includes('ep_poll')) {
    return `its main thread sleeps in the kernel (${waiting}), in a synchronous call`;
  }
  if (state === 'T') return 'it is stopped (SIGSTOP)';
  return 'it may have a handler of its own for SIGUSR1';
}

async function inspectorAt(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(2000) });
    const [target] = (await response.json()) as readonly { webSocketDebuggerUrl?: string }[];
    return target?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

async function isTaken(port: number): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return state === '0A' && Number.parseInt(local!.split(':')[1]!, 16) === port;
  });
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  return promise;
}
