// The way into a running Node process is its inspector. SIGUSR1 opens it. No signal is sent before `examine` has
// checked the process.
import { setTimeout as sleep } from 'node:timers/promises';
import { AttachError, examine, listeningPorts, ownerOfPort, statusOf, textOf } from './examine.ts';
import { connect, InspectorError, type Connection } from './inspector.ts';

/** A process that we look into, until it is disposed. */
export interface Attachment extends AsyncDisposable {
  readonly session: Connection;
}

/**
 * How long we wait, in milliseconds. A process that computes, or waits for a core, gets more time to open its
 * inspector.
 */
const CLOSING_MS = 5000;
const OPENING_MS = 5000;
const OPENING_BUSY_MS = 20_000;
const LOOK_AGAIN_MS = 20;

/**
 * Disposing closes the inspector again if it was closed before. `openingMs`: how long a process that does not compute may
 * take to open it.
 * @throws {AttachError}
 */
export async function attachToPid(pid: number, openingMs = OPENING_MS): Promise<Attachment> {
  const { inspectPort, isInspected } = await examine(pid);
  const before = await listeningPorts(pid);
  // Only a port that its inspector may have is asked: a request to any other port would reach the program itself.
  const isAnyPort = isInspected && inspectPort === 0;
  for (const port of before) {
    if (!isAnyPort && port !== inspectPort) continue;
    const found = await inspectorAt(port);
    if (found) return attachTo(found.url, false);
  }
  if (before.has(inspectPort)) {
    throw new AttachError(
      `process ${pid} listens on port ${inspectPort}, where its inspector would be, but no inspector answers there`,
    );
  }
  const owner = inspectPort === 0 ? undefined : await ownerOfPort(inspectPort);
  if (owner !== undefined) {
    throw new AttachError(
      `port ${inspectPort}, where process ${pid} would open its inspector, is taken by ${owner}; end that one, or start yours with --inspect-port=0. Nothing was sent to ${pid}`,
    );
  }
  signal(pid);
  return attachTo(await openedInspector(pid, before, openingMs), true);
}

/** For a process whose inspector is open; it stays open. @throws {AttachError} if no Node answers on the port */
export async function attachToPort(port: number): Promise<Attachment> {
  const found = await inspectorAt(port);
  if (found?.program.startsWith('node.js/')) return attachTo(found.url, false);
  if (found) {
    throw new AttachError(`expected the inspector of Node on port ${port}, found that of ${found.program}`);
  }
  const owner = await ownerOfPort(port);
  const has = owner === undefined ? 'nobody listens there' : `it is ${owner} that listens there`;
  throw new AttachError(`no inspector answers on 127.0.0.1:${port}: ${has}`);
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AttachError(
      code === 'ESRCH'
        ? `process ${pid} ended meanwhile`
        : `process ${pid} cannot be sent a signal (${code ?? message})`,
    );
  }
}

async function attachTo(url: string, weOpened: boolean): Promise<Attachment> {
  const session = await connect(url).catch((error: unknown) => {
    throw new AttachError(error instanceof InspectorError ? error.message : String(error));
  });
  // A process that ends waits until the clients of its inspector have left. It must not wait for us.
  session.on('NodeRuntime.waitingForDisconnect', () => session.leave('the process ended'));
  session.post('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => {});
  return {
    session,
    async [Symbol.asyncDispose]() {
      // A process that computes does this at once too. It ends the conversation itself, and we wait for that. If we
      // ended it at the same moment, Node would crash, and with it the process that we only look at.
      if (weOpened) {
        session.post('Runtime.evaluate', { expression: 'process._debugEnd()' }).catch(() => {});
        const late = Promise.withResolvers<void>();
        const timer = setTimeout(late.resolve, CLOSING_MS);
        await Promise.race([session.closed, late.promise]);
        clearTimeout(timer);
      }
      await session[Symbol.asyncDispose]();
    },
  };
}

async function openedInspector(pid: number, before: ReadonlySet<number>, openingMs: number): Promise<string> {
  const started = performance.now();
  for (;;) {
    for (const port of (await listeningPorts(pid)).difference(before)) {
      const found = await inspectorAt(port);
      if (found) return found.url;
    }
    const status = await statusOf(pid);
    if (!status || status.state === 'Z') throw new AttachError(`process ${pid} ended meanwhile`);
    const patience = status.state === 'R' ? OPENING_BUSY_MS : openingMs;
    if (performance.now() - started > patience) break;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new AttachError(`process ${pid} did not open its inspector when asked: ${await whyNot(pid)}`);
}

/** What Linux says about the main thread. */
async function whyNot(pid: number): Promise<string> {
  const status = await statusOf(pid);
  const sleepsIn = (await textOf(`/proc/${pid}/wchan`)).trim();
  if (status?.state === 'T') return `it was stopped (SIGSTOP) meanwhile; kill -CONT ${pid} lets it go on`;
  if (status?.state === 'R') return 'it computes in native code, and no JavaScript runs';
  if (sleepsIn.includes('epoll') || sleepsIn.includes('ep_poll')) {
    return 'it waits for events and still did not answer, so the program handles SIGUSR1 itself, or its inspector is open on another port (then give that port with --port)';
  }
  if (sleepsIn.includes('futex')) {
    return 'its main thread sleeps in a lock (Atomics.wait, or a synchronous call that waits for another thread). It opens the inspector when it wakes';
  }
  return /^[a-z]/.test(sleepsIn)
    ? `its main thread sleeps in a synchronous call (${sleepsIn}). It opens the inspector when it wakes`
    : 'its main thread does not answer, or the program handles SIGUSR1 itself';
}

interface InspectorTarget {
  readonly webSocketDebuggerUrl?: string;
}

interface FoundInspector {
  readonly url: string;
  /** What it calls itself, such as node.js/v26.10.0. */
  readonly program: string;
}

async function inspectorAt(port: number): Promise<FoundInspector | undefined> {
  const [version, targets] = await Promise.all([
    json<{ Browser?: string }>(`http://127.0.0.1:${port}/json/version`),
    json<unknown>(`http://127.0.0.1:${port}/json/list`),
  ]);
  // Any program may answer there, with any JSON.
  if (!Array.isArray(targets)) return undefined;
  const [target] = targets as readonly InspectorTarget[];
  const url = target?.webSocketDebuggerUrl;
  if (url === undefined) return undefined;
  return { url, program: version?.Browser ?? 'another program' };
}

async function json<Answer>(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return (await response.json()) as Answer;
  } catch {
    return undefined;
  }
}
