// A folder that is removed when its block ends, however it ends. A process that is killed cannot remove its folder, so
// whoever makes the next folder first removes those that were left behind.
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLeftBehind, ownedPrefix } from './owner.ts';

interface Where {
  /** The folder to make it in. Without it, the system's folder for such things. */
  readonly folder?: string;
  /** What its name begins with. */
  readonly prefix?: string;
}

/** An empty folder of this process: `await using folder = await temporaryFolder()`, then `folder.path`. */
export async function temporaryFolder({
  folder = tmpdir(),
  prefix = 'async-workbench-',
}: Where = {}): Promise<AsyncDisposable & { readonly path: string }> {
  await removeLeftBehind(folder, prefix);
  const path = await mkdtemp(join(folder, ownedPrefix(prefix)));
  return {
    path,
    // Again, where a process that is just ending has written to it meanwhile.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The environment variables with which a process makes its temporary files in `path`. */
export const inFolder = (path: string) => ({ TMPDIR: path, TEMP: path, TMP: path });

/** Best effort: a folder that cannot be removed, or that somebody else removes first, is no reason to stop. */
async function removeLeftBehind(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => isLeftBehind(name, prefix)).map((name) => join(folder, name));
  await Promise.all(left.map((path) => removeOwnFolder(path).catch(() => {})));
}

/** The system's folder is shared: what another user made is theirs, whatever its name. */
async function removeOwnFolder(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return;
  await rm(path, { recursive: true, force: true });
}
