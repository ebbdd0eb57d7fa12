// The command line in a process of its own, which may be killed at any moment.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export interface StartCommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** A command that it is started by, for instance one that puts it into a network namespace. */
  readonly within?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface CommandEnding {
  /** Null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Disposing kills it. */
export interface StartedCommand extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<CommandEnding>;
  /** What it has written to stdout until now. */
  printed(): string;
  /** The same of stderr. */
  said(): string;
  hasEnded(): boolean;
  kill(signal?: NodeJS.Signals): void;
}

export function startCommand(
  args: readonly string[],
  { environment = {}, within = [], signal }: StartCommandOptions = {},
): StartedCommand {
  const [program = process.execPath, ...words] = [...within, process.execPath, CLI, ...args];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...trialEnvironment(), ...environment },
    signal,
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {}); // that of an abort: the end of the process tells it
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  const end = async (): Promise<CommandEnding> => {
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  };
  const ended = end();
  const kill = (by: NodeJS.Signals = 'SIGKILL') => void child.kill(by);
  return {
    pid: child.pid!,
    ended,
    printed: () => stdout,
    said: () => stderr,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill,
    async [Symbol.asyncDispose]() {
      kill();
      await ended;
    },
  };
}
