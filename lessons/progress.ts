// Which lessons this reader has run to the end. It is kept in node_modules/.cache, where tools keep what may be lost.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const file =
  process.env['LESSON_PROGRESS'] ??
  join(import.meta.dirname, '../node_modules/.cache/async-workbench/lessons.json');

/** Names of lessons, empty if nothing is known. */
export async function done(): Promise<ReadonlySet<string>> {
  try {
    const names: unknown = JSON.parse(await readFile(file, 'utf8'));
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Best effort: a reader in a read-only checkout has no progress, but lessons all the same. */
export async function markDone(...names: string[]): Promise<void> {
  try {
    const known = new Set([...(await done()), ...names]);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify([...known]));
  } catch {}
}
