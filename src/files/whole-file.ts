// A file is whole or absent: written beside its name first, and renamed when complete. Whoever reads the name
// sees the old content or the new, never half of one, also after a crash.
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const TEMPORARY = '.unfinished-';

/** Removes what killed processes left half-written in `folder`. Not for a folder that somebody else writes to. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder);
  const unfinished = names.filter((name) => name.startsWith(TEMPORARY));
  await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })));
}

/**
 * Writes `text` to `folder`/`name`, replacing what was there, and returns the path.
 * @throws {TypeError} if `name` is anything but a plain file name, so that no name can leave the folder
 * @throws what the file system throws; the temporary file is gone by then
 */
export async function writeWhole(folder: string, name: string, text: Iterable<string>): Promise<string> {
  if (name === '' || name === '.' || name === '..' || name !== basename(name) || /[\\\0]/.test(name)) {
    throw new TypeError(`name: expected a plain file name, got ${JSON.stringify(name)}`);
  }
  const path = join(folder, name);
  const temporary = join(folder, `${TEMPORARY}${randomUUID()}`);
  try {
    await writeFile(temporary, text, { flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  return path;
}
