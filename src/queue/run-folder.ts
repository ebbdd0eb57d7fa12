// Remembers the name of a run in the folder of its orders, in `.queue`. The ids of the jobs are made from this name. So a
// submitter that was killed and started again finds its jobs. `.queue` is removed when all orders are in the folder.
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimed } from '../files/claim.ts';
import { makeFolder } from '../files/make-folder.ts';
import { createWhole } from '../files/whole-file.ts';
import { shownName } from '../printable.ts';
import { UsageError } from '../usage-error.ts';

const NAME = '.queue';
const RUN_FILE = 'run';
const RUN = /^[0-9a-f-]{36}\n?$/;

export interface RunFolder extends AsyncDisposable {
  /** The name of the run. */
  readonly run: string;
  /** Whether an earlier process has begun the run. */
  readonly isResumed: boolean;
  /** Where an embedded database keeps its data. */
  readonly databaseFolder: string;
  /** Removes all of the run, when all orders are there. The database must be closed before. */
  forget(): Promise<void>;
}

/**
 * Begins a run for the orders in `folder`, or goes on with one that was begun. After disposing another process may go on.
 * @throws {UsageError} if another process has the run, or if `.queue` holds something else
 * @throws {Error} with the path and the system's code, if it cannot be written
 */
export async function openRunFolder(folder: string, typed: string): Promise<RunFolder> {
  const path = join(folder, NAME);
  const shown = shownName(join(typed, NAME));
  try {
    return await opened(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError) throw new UsageError(`${shown}: ${message}`);
    throw code === undefined ? error : new Error(`${shown}: cannot be written (${code})`);
  }
}

async function opened(path: string): Promise<RunFolder> {
  await makeFolder(path);
  await using resources = new AsyncDisposableStack();
  resources.use(await claimed(path));
  const found = await readFile(join(path, RUN_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (found !== undefined && !RUN.test(found)) {
    throw new UsageError(`expected the name of a run in the file ${RUN_FILE}, got something else`);
  }
  const run = found?.trim() ?? randomUUID();
  if (found === undefined) await createWhole(path, RUN_FILE, [`${run}\n`]);
  const owned = resources.move();
  return {
    run,
    isResumed: found !== undefined,
    databaseFolder: join(path, 'database'),
    forget: () => rm(path, { recursive: true, force: true }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
