// A process of ours that runs one module: the API server, a trial. It gets its settings as the first message,
// answers with messages, and never outlives whoever started it.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child extends AsyncDisposable {
  send(message: object): void;
  /** The next message. @throws {ChildError} if the process ends first; the signal's reason */
  receive<Message>(): Promise<Message>;
  hasEnded(): boolean;
}

/** A child ended without answering. Its message has the exit code or signal and the end of its stderr. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

export interface ChildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Sees every message first. `receive` gets those for which it returns false. */
  readonly onMessage?: (message: unknown) => boolean;
  /**
   * Gives the child a pipe, at file descriptor 4, and is called with each line that it writes there. Disposing waits for
   * the last of them.
   */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Flags for a child that speaks plain HTTP only. Node has certificates of its own, and a thread reads them as soon as a module
 * loads TLS. This takes 12 ms of CPU time and 2 MiB, perhaps after a trial has taken its baseline. OpenSSL's certificates, which
 * this flag chooses, are read only when a connection needs them. Node does not start with two such choices. So if the shell has
 * chosen already, there is no flag.
 */
export function flagsForPlainHttp(env = process.env): readonly string[] {
  const isChosen = env['NODE_USE_SYSTEM_CA'] !== undefined || /-ca\b/.test(env['NODE_OPTIONS'] ?? '');
  return isChosen ? [] : ['--use-openssl-ca'];
}

const living = new Set<number>();

/** The process ids of the children that have not ended. */
export const livingChildren = (): ReadonlySet<number> => living;

/** Counts a process among our children until it ends. What a child computes is not what others take of the machine. */
export function countAsOurs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  living.add(pid);
  child.once('exit', () => living.delete(pid));
}

const STDERR_KEPT = 4096;
const GRACE_MS = 2000;

/**
 * How long a process may take until its own program begins, in milliseconds. Node itself hangs as it starts where the
 * system gives it no threads, and says nothing.
 */
const PATIENCE_MS = 20_000;
const LEAST_PATIENCE_MS = 1000;
/** How many of the last processes hung as they started. Each halves the patience for the next. */
let hangs = 0;

/** Starts `module` in a process of its own and sends it `settings`. Disposing lets it leave; aborting kills it. */
export function startChild(module: URL, settings: object, options: ChildOptions = {}): Child {
  const { signal, execArgv = [], env = process.env, onMessage, onLine } = options;
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(module), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(onLine ? (['pipe'] as const) : [])],
    serialization: 'advanced',
    execArgv: [...execArgv],
    env,
  });
  const { pid } = child;
  countAsOurs(child);
  // `once` below hears the first error, and an error that nobody hears would end this process too.
  child.on('error', () => {});
  /** The end of what the child has written. */
  let stderr = '';
  // A process that could not be started, because no file descriptor was left, has no streams and no channel.
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const lines = child.stdio?.[4] as Readable | null | undefined;
  // A child that is killed breaks its pipe. Its end is told elsewhere.
  lines?.on('error', () => {});
  const allLines = lines && onLine ? readLines(lines, onLine) : undefined;
  const inbox: unknown[] = [];
  let wake = Promise.withResolvers<unknown>();
  let hungAfterMs: number | undefined;
  const patienceMs = Math.max(LEAST_PATIENCE_MS, PATIENCE_MS / 2 ** hangs);
  const patience = setTimeout(() => {
    hungAfterMs = patienceMs;
    hangs += 1;
    child.kill('SIGKILL');
  }, patienceMs);
  let hasStarted = false;
  child.on('message', (message) => {
    if (!hasStarted) {
      // The first message is that of `receiveSettings`.
      hasStarted = true;
      hangs = 0;
      clearTimeout(patience);
      return;
    }
    if (onMessage?.(message)) return;
    inbox.push(message);
    wake.resolve(message);
  });
  let end: Error | undefined;
  const exited = once(child, 'close').then(
    ([code, killedBy]) =>
      new ChildError(
        hungAfterMs === undefined
          ? describeEnd(code as number | null, killedBy as string | null, stderr)
          : `the process hung as it started: nothing came within ${hungAfterMs / 1000} s`,
      ),
    (error: Error) =>
      new ChildError(
        `the process ${pid === undefined ? 'could not be started' : 'failed'}: ${error.message}`,
      ),
  );
  void exited.then((error) => {
    clearTimeout(patience);
    end = error;
    wake.resolve(error);
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  if (pid !== undefined) child.send(settings, () => {}); // a failure to send shows as the child's end
  return {
    send(message) {
      if (pid !== undefined) child.send(message, () => {});
    },
    async receive<Message>() {
      while (inbox.length === 0) {
        signal?.throwIfAborted();
        if (end) throw end;
        await wake.promise;
        wake = Promise.withResolvers<unknown>();
      }
      return inbox.shift() as Message;
    },
    hasEnded: () => end !== undefined,
    async [Symbol.asyncDispose]() {
      // Let go, it leaves by itself: that is when it writes its compile cache. One that hangs is killed.
      if (child.connected && child.exitCode === null && child.signalCode === null) {
        // After disconnect(), Node would wait for an end of the channel that never comes, and emit no 'close'.
        child.once('exit', (...how) => child.emit('close', ...how));
        child.disconnect();
      }
      const timer = setTimeout(kill, GRACE_MS);
      await exited;
      await allLines;
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    },
  };
}

/** Hands each line to `onLine`. Resolves after the last one. */
async function readLines(input: Readable, onLine: (line: string) => void): Promise<void> {
  const reader = createInterface({ input }).on('line', onLine);
  await once(reader, 'close');
}

/** How a process ended, for a sentence about it. */
export const howEnded = (code: number | null, killedBy: string | null): string =>
  killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}`;

function describeEnd(code: number | null, killedBy: string | null, stderr: string): string {
  const how = howEnded(code, killedBy);
  // Node prints the error's own line among the source line, a caret, the stack and its version.
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const why = lines.find((line) => /^(\w*Error|\[|FATAL|Warning: )/.test(line.trim())) ?? lines.at(-1);
  return why ? `the process ${how}: ${why.trim()}` : `the process ${how}`;
}

/** In a child: its settings. From here on the child ends when its parent does, however that comes about. */
export async function receiveSettings<Settings>(): Promise<Settings> {
  process.once('disconnect', () => process.exit());
  process.send!({ hasStarted: true });
  const [settings] = (await once(process, 'message')) as [Settings];
  return settings;
}
