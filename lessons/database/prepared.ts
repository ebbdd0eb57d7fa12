// An empty Postgres in one file of the cache. To make it takes seconds and some hundred megabytes, and to begin with a copy
// of it half a second. PGlite unpacks it in memory, so nothing of a lesson stays on the disk.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { cacheFolder } from '../../src/files/cache-folder.ts';
import { installedVersion } from '../../src/files/installed-version.ts';
import { writeWhole } from '../../src/files/whole-file.ts';

/** For `loadDataDir` of PGlite. Made where it is missing, by everyone who finds it so. */
export async function preparedData(): Promise<Blob> {
  const folder = cacheFolder();
  const name = `empty-database-pglite-${installedVersion('@electric-sql/pglite')}.tar`;
  const path = join(folder, name);
  const known = await readFile(path).catch(() => undefined);
  if (known) return new Blob([known]);
  const database = await PGlite.create();
  const made = await database.dumpDataDir('none');
  await database.close();
  const bytes = new Uint8Array(await made.arrayBuffer());
  // Best effort: where it cannot be kept, the next one takes as long again.
  await mkdir(folder, { recursive: true })
    .then(() => writeWhole(folder, name, bytes))
    .catch(() => {});
  return made;
}
