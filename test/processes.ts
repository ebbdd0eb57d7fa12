// Runs a file of the project, or a few lines, in a process of their own and says how it ended.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isZombieState, processFieldsOf } from '../src/files/process-fields.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';

export const ROOT = join(import.meta.dirname, '..');

export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `file` is relative to the project, wherever it runs; `input` is all that the process can read from stdin. */
export function run(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  input = '',
  cwd = ROOT,
): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const child = execFile(
    process.execPath,
    [join(ROOT, file), ...args],
    { cwd, env: { ...trialEnvironment(), ...env } },
    (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  // A process may end without reading its input: that is no fault of the test.
  child.stdin!.on('error', () => {});
  child.stdin!.end(input);
  return promise;
}

/**
 * How a program of ours ends with each of these command lines, all in one process. For lines that end at once: what is wrong
 * with them, or --help. `file` is what runs the command line when it is loaded.
 */
export async function runLines(
  file: string,
  lines: ReadonlyArray<readonly string[]>,
  { cwd = ROOT, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ending[]> {
  const told = JSON.stringify({ file: join(ROOT, file), lines });
  const { code, stdout, stderr } = await run('test/many-lines.ts', [told], env, '', cwd);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Ending[];
}

/** The same for a module that is given as text. */
export async function runSource(source: string): Promise<Ending> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code: child.exitCode ?? -1, stdout, stderr };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** Where no parent ever asks how a process has ended, it keeps its number for good. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return isZombieState(processFieldsOf(pid)[0]);
  } catch {
    return true;
  }
}
