// A process that runs while the test looks at it: its lines are waited for, and it is gone when the block ends. And two ways
// to look: by the command, and by what the command calls.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Attachment } from '../../src/awaiting/attach.ts';
import { lookLines } from '../../src/awaiting/report.ts';
import { followThreads } from '../../src/awaiting/threads.ts';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';
import { ROOT } from '../processes.ts';

export const PROGRAMS = join(import.meta.dirname, 'programs');

export interface Started extends AsyncDisposable {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** One line for its stdin. */
  readonly say: (line: string) => void;
  /** Everything until now on stdout and on stderr. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first line of stdout that matches, or the nth, also if it has come already. */
  readonly line: (pattern: RegExp, nth?: number) => Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export function started(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Started {
  const { cwd = ROOT, env = {} } = options;
  const child = spawn(program, args, { cwd, env: { ...trialEnvironment(), ...env } });
  let stdout = '';
  let stderr = '';
  const lines: string[] = [];
  interface Wait {
    readonly pattern: RegExp;
    readonly nth: number;
    readonly found: PromiseWithResolvers<string>;
  }
  const waiting: Wait[] = [];
  const lookFor = ({ pattern, nth, found }: Wait) => {
    const line = lines.filter((each) => pattern.test(each))[nth - 1];
    if (line !== undefined) found.resolve(line);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  const exited = once(child, 'exit');
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const each of waiting) lookFor(each);
  });
  const ended = closed.then(() => child.signalCode ?? child.exitCode!);
  void ended.then((how) => {
    for (const { pattern, found } of waiting) {
      found.reject(new Error(`no line matched ${pattern} before it ended (${how}): ${stdout}\n${stderr}`));
    }
  });
  return {
    pid: child.pid!,
    kill: (signal) => void child.kill(signal),
    say: (line) => void child.stdin.write(`${line}\n`),
    stdout: () => stdout,
    stderr: () => stderr,
    line(pattern, nth = 1) {
      const wait = { pattern, nth, found: Promise.withResolvers<string>() };
      wait.found.promise.catch(() => {});
      waiting.push(wait);
      lookFor(wait);
      return wait.found.promise;
    },
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      // Not its streams: a process that it started may hold them open.
      await exited;
    },
  };
}

/** `npm run awaiting`, without npm. */
export const awaiting = (
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Started => started(process.execPath, [join(ROOT, 'src/awaiting/cli.ts'), ...args], options);

/** What the command would print about the main thread. This process looks itself, which costs no process. */
export async function lookFromHere(attaching: Promise<Attachment>, answerMs?: number): Promise<string> {
  await using target = await attaching;
  await using threads = await followThreads(target.session, {}, false, answerMs);
  return lookLines(await threads.look(new AbortController().signal)).join('\n');
}
