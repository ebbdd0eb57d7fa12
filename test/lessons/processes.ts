// Runs a file of the project in a process of its own and says how it ended.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `file` is relative to the project. */
export function run(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const child = execFile(
    process.execPath,
    [join(ROOT, file), ...args],
    { cwd: ROOT, env: { ...trialEnvironment(), ...env } },
    (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}
