// A program in another language, or in another runtime, that runs as a process of ours. It gets its settings as one line of
// JSON on its standard input, and answers with one line of JSON on its standard output. It stays until its standard input
// ends, so that its memory can be read, and so that it never outlives us: if we are killed, the system ends the input.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { howEnded } from '../../src/child.ts';
import { peakMiBOfTree } from './process-tree.ts';

export interface Program {
  /** What a message calls it, for instance `Python`. */
  readonly called: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Answered<Answer> {
  readonly answer: Answer;
  /** Of the process and of those that it started, together. Undefined where the system does not tell. */
  readonly peakMiB: number | undefined;
  /** What it wrote to its standard error, for instance warnings. */
  readonly stderr: string;
}

/** A program could not be started, ended without an answer, or answered with something else. */
export class ForeignError extends Error {
  override readonly name = 'ForeignError';
}

/** No answer of ours is nearly as long. A program that writes more is not one of ours. */
const LONGEST_ANSWER = 4 * 2 ** 20;
const STDERR_KEPT = 64 * 2 ** 10;
/** A program that has answered leaves at once, or it hangs and is killed. */
const GRACE_MS = 5000;

/**
 * Runs `program` once. An abort kills it.
 * @throws {ForeignError} if no answer comes; the signal's reason
 */
export async function ask<Answer>(
  program: Program,
  settings: object,
  signal: AbortSignal,
): Promise<Answered<Answer>> {
  signal.throwIfAborted();
  const child = spawn(program.command, program.args, { stdio: 'pipe' });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const stderr = tailOf(child);
  const ended = endOf(child);
  try {
    // A program that ends without reading has its reason, and the reason is what to tell.
    child.stdin.on('error', () => {}).write(`${JSON.stringify(settings)}\n`);
    const answer = parsed(await firstLine(child, ended, stderr)) as Answer;
    const peakMiB = child.pid === undefined ? undefined : peakMiBOfTree(child.pid);
    child.stdin.end();
    const timer = setTimeout(kill, GRACE_MS);
    await ended;
    clearTimeout(timer);
    return { answer, peakMiB, stderr: stderr() };
  } catch (error) {
    kill();
    await ended;
    signal.throwIfAborted();
    throw error instanceof ForeignError ? new ForeignError(`${program.called}: ${error.message}`) : error;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** Collects the end of what the process writes to its standard error. */
function tailOf(child: ChildProcessWithoutNullStreams): () => string {
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_KEPT);
  });
  return () => tail;
}

/** How the process ended, in words, once all that it wrote has been read. Never rejects. */
async function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    return howEnded(code, killedBy);
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
}

async function firstLine(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<string>,
  stderr: () => string,
): Promise<string> {
  const line = Promise.withResolvers<string>();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    const end = text.indexOf('\n');
    if (end >= 0) line.resolve(text.slice(0, end));
    else if (text.length > LONGEST_ANSWER) line.reject(new ForeignError('its answer has no end'));
  });
  const noLine = ended.then((how) => {
    // The last line of a traceback of Python, or of a stack, is what went wrong.
    const why = stderr().trimEnd().split('\n').at(-1)!.trim();
    throw new ForeignError(`the process ${how}${why === '' ? '' : `: ${why}`}`);
  });
  return Promise.race([line.promise, noLine]);
}

const SHOWN = 60;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new ForeignError(`expected an answer in JSON, got ${JSON.stringify(line.slice(0, SHOWN))}`);
  }
}
