// What the type checker says about a copy, in one line for each error. A check judges what a program does, so a type error
// alone does not fail. But where a check fails, a type error is often the reason.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copiesFolder, copyOf } from './copies.ts';
import type { Exercise } from './manifest.ts';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** For instance `line 7: Property 'push' does not exist on type 'string'.`; none where TypeScript is not installed. */
export function typeErrorsOf(exercise: Exercise): Promise<string[]> {
  if (!existsSync(TSC)) return Promise.resolve([]);
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const args = [TSC, '-p', join(copiesFolder(), 'tsconfig.json'), '--pretty', 'false'];
  // It ends with an error whenever it has something to say.
  execFile(process.execPath, args, { cwd: copiesFolder() }, (_, stdout) =>
    resolve(errorsIn(stdout, basename(copyOf(exercise)))),
  );
  return promise;
}

/** The messages about `file` in what tsc prints. */
export function errorsIn(output: string, file: string): string[] {
  return output.split('\n').flatMap((line) => {
    const [, name, row, message] = /^(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line.trim()) ?? [];
    return name !== undefined && basename(name) === file ? [`line ${row}: ${message}`] : [];
  });
}
