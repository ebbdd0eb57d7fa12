// A data folder of PGlite with the queue's tables in it, to be copied. To make one costs 6 s of CPU time and 700 MiB of memory.
// So it is made once and kept in the cache. Its name has the versions of the packages that have made it.
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../files/cache-folder.js';
import { installedVersion } from '../files/installed-version.ts';
import { isLeftBehind, isOwned } from '../files/owner.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { dropTemplates } from './quick-start.ts';
import { schemaSql } from './schema.ts';

/** Postgres keeps the version of its data in this file. */
export const VERSION_FILE = 'PG_VERSION';
/** The name of that file in the prepared folder. A copy that has the file under its real name is complete. */
export const PREPARED_VERSION_FILE = 'PG_VERSION.prepared';

/** A process makes it in a temporary folder whose name begins like this. */
const MAKING = 'preparing-database-';
const LOOK_EVERY_MS = 100;
/** A process that takes longer than this to make it counts as stuck. */
const MOST_PATIENCE_MS = 120_000;

/** The path of the prepared folder, which is complete. If it is missing, one process makes it, and others wait. */
export async function preparedFolder(cache: string = cacheFolder(), make = makeData): Promise<string> {
  const name = nameOfPrepared();
  const prepared = join(cache, name);
  await mkdir(cache, { recursive: true });
  for (const startMs = performance.now(); ; await sleep(LOOK_EVERY_MS)) {
    const names = await readdir(cache);
    if (names.includes(name)) return prepared;
    if (!names.some(isBeingMade) || performance.now() - startMs > MOST_PATIENCE_MS) break;
  }
  await using place = await temporaryFolder({ folder: cache, prefix: MAKING });
  const made = join(place.path, 'data');
  await make(made);
  // Two may have begun in the same moment. The first that is ready wins.
  await rename(made, prepared).catch(async (error: unknown) => {
    if (!(await readdir(cache)).includes(name)) throw error;
  });
  return prepared;
}

const isBeingMade = (name: string): boolean => isOwned(name, MAKING) && !isLeftBehind(name, MAKING);

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
