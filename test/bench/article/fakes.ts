// Programs that look like other runtimes, for tests on machines that have none.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Manners = 'well' | 'dies' | 'hangs' | 'hangs at once' | 'prints rubbish';

/** What it claims to be, and what it does wrong. */
export interface Claims {
  readonly name?: string;
  readonly version?: string;
  readonly manners?: Manners;
}

const FAKE = fileURLToPath(new URL('./fake-runtime.mjs', import.meta.url));

/** Writes a program called `file` into `folder`, which claims to be a version of `name`. Its path comes back. */
export async function fakeRuntime(
  folder: string,
  file: string,
  { name = file, version = '9.8.7', manners = 'well' }: Claims = {},
): Promise<string> {
  const path = join(folder, file);
  const words = [process.execPath, FAKE, name, version, manners, path].map((word) => `'${word}'`);
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
