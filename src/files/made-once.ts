// A folder of the cache that costs much to make: a prepared database, another version of Node. One process makes it, and those
// that need it meanwhile wait. Otherwise programs that start together would all make it, each for itself.
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLeftBehind, isOwned } from './owner.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LOOK_EVERY_MS = 100;
/** A process that takes longer than this to make a folder counts as stuck. */
const MOST_PATIENCE_MS = 120_000;

/**
 * The path of the folder `name` in `cache`, which is complete. If it is missing, `make` makes a folder at the path that it
 * gets. It throws if it cannot, and then nothing is kept.
 */
export async function madeOnce(
  cache: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  /** A process makes it in a temporary folder whose name begins like this. */
  const making = `making-${name}-`;
  const isBeingMade = (entry: string) => isOwned(entry, making) && !isLeftBehind(entry, making);
  const finished = join(cache, name);
  await mkdir(cache, { recursive: true });
  for (const startMs = performance.now(); ; await sleep(LOOK_EVERY_MS)) {
    const entries = await readdir(cache);
    if (entries.includes(name)) return finished;
    if (!entries.some(isBeingMade) || performance.now() - startMs > MOST_PATIENCE_MS) break;
  }
  await using place = await temporaryFolder({ folder: cache, prefix: making });
  const made = join(place.path, 'made');
  await make(made);
  // Two may have begun in the same moment. The first that is ready wins.
  await rename(made, finished).catch(async (error: unknown) => {
    if (!(await readdir(cache)).includes(name)) throw error;
  });
  return finished;
}
