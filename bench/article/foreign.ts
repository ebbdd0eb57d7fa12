// A program in another language, or in another runtime, that runs as a process of ours. It gets its settings as one line of
// JSON on its standard input, and answers with one line of JSON on its standard output. A program that warms up first prints a
// line that says it is ready. It goes on when it gets another line. Every program stays until its standard input ends, so that
// its memory can be read, and so that it never outlives us: if we are killed, the system ends the input.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { countAsOurs, howEnded } from '../../src/child.ts';
import { inFolder, temporaryFolder } from '../../src/files/temporary-folder.ts';
import { peakMiBOfTree } from './process-tree.ts';

export interface Program {
  /** What a message calls it, for instance `Python`. */
  readonly called: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Environment variables, in addition to our own. Undefined takes one of ours away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface Answered<Answer> {
  readonly answer: Answer;
  /** The memory of the process and of all that it started, together. Undefined where the system does not tell. */
  readonly peakMiB: number | undefined;
  /** What it wrote to its standard error, for instance warnings. */
  readonly stderr: string;
}

/** A program could not be started, ended without an answer, or answered with something else. */
export class ForeignError extends Error {
  override readonly name = 'ForeignError';
}

/** In characters. Our programs answer with far less. A program that writes more is not one of ours. */
const LONGEST_ANSWER = 4 * 2 ** 20;
const STDERR_KEPT = 64 * 2 ** 10;
/** A program that has answered ends at once. One that still runs after this time hangs, and is killed. */
const GRACE_MS = 5000;
/** How long a program may take to leave, once its input has ended. */
const LEAVING_MS = 500;
/** How long the processes that a program has started get to put their things away, once the program has been killed. */
const PUTTING_AWAY_MS = 2000;
/** A group of its own lets us end what the program has started, too. Windows has no groups. */
const HAS_GROUPS = process.platform !== 'win32';

/** What a program says after its warm-up, when it waits for the start. */
export interface Ready {
  readonly ready: true;
  /** Its resident memory after its imports, in MiB. Absent if the system does not tell, or the program does not ask. */
  readonly baselineMiB?: number;
}

/**
 * Runs `program` once. If it warms up, it says that it is ready, and goes on when `begin` has returned. An abort ends it and all
 * that it has started. Its temporary files are removed, however it ends.
 * @throws {ForeignError} if no answer comes; the signal's reason
 */
export async function ask<Answer>(
  program: Program,
  settings: object,
  signal: AbortSignal,
  begin?: (ready: Ready) => Promise<void>,
): Promise<Answered<Answer>> {
  await using folder = await temporaryFolder();
  signal.throwIfAborted();
  const child = spawn(program.command, program.args, {
    stdio: 'pipe',
    env: { ...environmentFor(program), ...inFolder(folder.path) },
    detached: HAS_GROUPS,
    windowsHide: true,
  });
  countAsOurs(child);
  const ended = endOf(child);
  // A process that was not started may have no streams either.
  if (child.pid === undefined) throw new ForeignError(`${program.called}: the process ${await ended}`);
  const stderr = tailOf(child);
  const end = enderOf(child);
  signal.addEventListener('abort', end, { once: true });
  try {
    // If a program ends without reading, writing fails too. That error is dropped: the report is why the program ended.
    child.stdin.on('error', () => {}).write(`${JSON.stringify(settings)}\n`);
    const nextLine = linesOf(child, ended, stderr);
    if (begin) {
      await begin(readyIn(await nextLine()));
      child.stdin.write('\n');
    }
    const answer = parsed(await nextLine()) as Answer;
    const peakMiB = peakMiBOfTree(child.pid);
    child.stdin.end();
    const timer = setTimeout(end, GRACE_MS);
    await ended;
    clearTimeout(timer);
    return { answer, peakMiB, stderr: stderr() };
  } catch (error) {
    end();
    await ended;
    signal.throwIfAborted();
    throw error instanceof ForeignError ? new ForeignError(`${program.called}: ${error.message}`) : error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Bun, Deno and Python would ask a proxy even for a port of this machine. */
const PROXIES = /^(?:https?|all)_proxy$/i;

function environmentFor({ environment = {} }: Program): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !PROXIES.test(name));
  return { ...Object.fromEntries(ours), ...environment };
}

/**
 * A function that ends the process, and all that it has started. First its input ends, and a program of ours leaves then. If it is
 * too busy for that, it is killed. What it has started notices its end, puts its things away, and ends. Python's multiprocessing,
 * for instance, has a process that removes named semaphores. Without it they would stay in the system for ever. What still runs
 * after a while is killed, too.
 */
function enderOf(child: ChildProcessWithoutNullStreams): () => void {
  const { pid } = child;
  let timer: NodeJS.Timeout | undefined;
  /** Once nobody holds its pipes any more, the system may give its id to another process. */
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
    clearTimeout(timer);
  });
  const kill = () => {
    child.kill('SIGKILL');
    if (HAS_GROUPS) timer = setTimeout(killAll, PUTTING_AWAY_MS);
  };
  const killAll = () => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All have ended by themselves, and the pipes are about to close.
    }
  };
  return () => {
    if (isClosed) return;
    child.stdin.end();
    timer ??= setTimeout(kill, LEAVING_MS);
  };
}

/** Collects the end of what the process writes to its standard error. */
function tailOf(child: ChildProcessWithoutNullStreams): () => string {
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_KEPT);
  });
  return () => tail;
}

/** Tells in words how the process ended, once all that it wrote has been read. Never rejects. */
async function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    return howEnded(code, killedBy);
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
}

/** A function that waits for the next line of what the process prints. */
function linesOf(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<string>,
  stderr: () => string,
): () => Promise<string> {
  let text = '';
  let wake = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    wake.resolve();
  });
  const noLine = ended.then((how) => {
    const why = reasonIn(stderr());
    throw new ForeignError(`the process ${how}${why === '' ? '' : `: ${why}`}`);
  });
  noLine.catch(() => {});
  return async () => {
    while (!text.includes('\n')) {
      if (text.length > LONGEST_ANSWER) throw new ForeignError('its answer has no end');
      wake = Promise.withResolvers();
      await Promise.race([wake.promise, noLine]);
    }
    const end = text.indexOf('\n');
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
}

function readyIn(line: string): Ready {
  const said = parsed(line) as Partial<Ready> | null;
  if (said?.ready !== true)
    throw new ForeignError(`expected {"ready":true} after the warm-up, got ${excerpt(line)}`);
  return { ...said, ready: true };
}

/**
 * The reason in what a program wrote to its standard error. Node, Deno and Bun print the error's own line before its stack, or put
 * "error:" before it. Python prints it last. Node puts brackets around an error without a stack, such as one of fetch.
 */
export function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const reason = lines.findLast((line) => /^\[?(?:error: |[\w.]*Error: )/.test(line)) ?? lines.at(-1) ?? '';
  return reason.replace(/^\[(.*)\](?: \{)?$/, '$1').trim();
}

const EXCERPT_LENGTH = 60;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new ForeignError(`expected an answer in JSON, got ${excerpt(line)}`);
  }
}

const excerpt = (line: string): string => JSON.stringify(line.slice(0, EXCERPT_LENGTH));
