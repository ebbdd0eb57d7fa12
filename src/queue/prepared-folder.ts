// A data folder of PGlite with the queue's tables in it, to be copied. To make one costs 6 s of CPU time and 700 MiB of memory.
// So it is made once and kept in the cache. Its name has the versions of the packages that have made it.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../files/cache-folder.js';
import { installedVersion } from '../files/installed-version.ts';
import { madeOnce } from '../files/made-once.ts';
import { dropTemplates } from './quick-start.ts';
import { schemaSql } from './schema.ts';

/** Postgres keeps the version of its data in this file. */
export const VERSION_FILE = 'PG_VERSION';
/** The name of that file in the prepared folder. A copy that has the file under its real name is complete. */
export const PREPARED_VERSION_FILE = 'PG_VERSION.prepared';

/** The path of the prepared folder, which is complete. If it is missing, one process makes it, and others wait. */
export const preparedFolder = (): Promise<string> => madeOnce(cacheFolder(), nameOfPrepared(), makeData);

async function makeData(folder: string): Promise<void> {
  // Imported here and not above: a process that finds a prepared folder need not load PGlite for it.
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create(folder);
  await database.exec(await schemaSql());
  await dropTemplates(database);
  await database.close();
  await rename(join(folder, VERSION_FILE), join(folder, PREPARED_VERSION_FILE));
}

/**
 * The first number is ours. Whoever changes what is in the folder must count it up: a folder from before stays in the cache, and
 * would be used.
 */
const nameOfPrepared = (): string =>
  `database-3-pglite-${installedVersion('@electric-sql/pglite')}-pg-boss-${installedVersion('pg-boss')}`;
