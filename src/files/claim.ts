// A folder that only one process may use at a time. The process marks it with a file whose name tells the owner. So the mark of
// a process that was killed can be recognised, and is ignored.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../usage-error.ts';
import { isLeftBehind, isOwned, ownedName } from './owner.ts';

const IN_USE = 'in-use-';

/** Whether `name` is the mark of a process, this one or another. */
export const isMark = (name: string): boolean => isOwned(name, IN_USE);

/**
 * Marks `folder` as used by this process. Disposing ends the use, and so does the end of the process. If another process uses
 * the folder, this waits up to `patienceMs` for its end: a child of a killed process takes a moment to end.
 * @throws {UsageError} if another process uses it; what the file system throws
 */
export async function claimed(folder: string, { patienceMs = 0 } = {}): Promise<AsyncDisposable> {
  const mark = join(folder, ownedName(IN_USE));
  const startMs = performance.now();
  for (;;) {
    // Each process marks the folder before it looks for others. So if two do this at once, at least one sees the other.
    await writeFile(mark, '');
    const user = await otherUser(folder, mark);
    if (user === undefined) return { [Symbol.asyncDispose]: () => rm(mark, { force: true }) };
    await rm(mark, { force: true });
    if (performance.now() - startMs >= patienceMs) throw new UsageError(inUse(user));
    await sleep(LOOK_MS);
  }
}

const LOOK_MS = 100;

const inUse = (mark: string): string =>
  `another process uses it; if none does (after a restart of the machine, for instance), remove ${mark} there`;

/** The mark of another process that still runs. Marks of processes that have ended are removed. */
async function otherUser(folder: string, mark: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const others = names.filter((name) => isMark(name) && join(folder, name) !== mark);
  const left = others.filter((name) => isLeftBehind(name, IN_USE));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return others.find((name) => !left.includes(name));
}
