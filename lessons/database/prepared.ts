// An empty Postgres in one file of the cache. To make it takes seconds and some hundred megabytes. To start from a copy takes
// half a second. PGlite unpacks the copy in memory, so a lesson leaves nothing on the disk.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { cacheFolder } from '../../src/files/cache-folder.js';
import { installedVersion } from '../../src/files/installed-version.ts';
import { writeWhole } from '../../src/files/whole-file.ts';
import { dropTemplates } from '../../src/queue/quick-start.ts';

/** The data for `loadDataDir` of PGlite. If the file is missing, it is made. */
export async function preparedData(): Promise<Blob> {
  const folder = cacheFolder();
  // The first number is ours. A change of what is in the file needs another one: the old file stays in the cache.
  const name = `empty-database-2-pglite-${installedVersion('@electric-sql/pglite')}.tar`;
  const path = join(folder, name);
  const known = await readFile(path).catch(() => undefined);
  if (known) return new Blob([known]);
  const database = await PGlite.create();
  await dropTemplates(database);
  const made = await database.dumpDataDir('none');
  await database.close();
  const bytes = new Uint8Array(await made.arrayBuffer());
  // If it cannot be kept, the next call makes it again.
  await mkdir(folder, { recursive: true })
    .then(() => writeWhole(folder, name, bytes))
    .catch(() => {});
  return made;
}
