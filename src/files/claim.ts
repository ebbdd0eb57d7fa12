// A folder that only one process may use at a time. The process marks it with a file whose name tells the owner, so the mark
// of a process that was killed counts for nothing.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../usage-error.ts';
import { isLeftBehind, isOwned, ownedName } from './owner.ts';

const IN_USE = 'in-use-';

/** Whether `name` is the mark of a process, this one or another. */
export const isMark = (name: string): boolean => isOwned(name, IN_USE);

/**
 * Marks `folder` as used by this process. Disposing gives it up; a process that ends without that gives it up too. Where
 * another process uses it, its end is awaited for `patienceMs`: a child of a process that was killed takes a moment to
 * leave.
 * @throws {UsageError} if another process uses it; what the file system throws
 */
export async function claimed(folder: string, { patienceMs = 0 } = {}): Promise<AsyncDisposable> {
  const mark = join(folder, ownedName(IN_USE));
  const startMs = performance.now();
  for (;;) {
    // Each process marks the folder before it looks for others: of two at once, one sees the other, or both do.
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
  `another process uses it; if none does, it was one before the last start of the machine: remove ${mark} there`;

/** The mark of another process that lives. Marks of others are removed. */
async function otherUser(folder: string, mark: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const others = names.filter((name) => isMark(name) && join(folder, name) !== mark);
  const left = others.filter((name) => isLeftBehind(name, IN_USE));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return others.find((name) => !left.includes(name));
}
