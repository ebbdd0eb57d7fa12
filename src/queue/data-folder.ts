// The data folder of an embedded database. A new one is a copy of the prepared folder. A folder belongs to one process at a
// time, because two processes would destroy its data.
import { constants } from 'node:fs';
import { cp, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { claimed, isMark } from '../files/claim.ts';
import { makeFolder } from '../files/make-folder.ts';
import { UsageError } from '../usage-error.ts';
import { PREPARED_VERSION_FILE, preparedFolder, VERSION_FILE } from './prepared-folder.ts';

/** The system's codes for a folder that was chosen wrongly. Other codes mean a disk that is full or broken. */
const NO_SUCH_FOLDER: ReadonlySet<string | undefined> = new Set(
  'EACCES EEXIST ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS'.split(' '),
);

/** How long to wait for a folder in use. If a submitter is killed, its database ends only after its last query. */
const LEAVING_MS = 3000;

/**
 * Claims `folder` as the data folder of this process, and fills it if it is new. Disposing ends the claim. The end of the
 * process ends it too.
 * @throws {UsageError} if it holds something else, or if another process uses it
 */
export async function claimFolder(folder: string): Promise<AsyncDisposable> {
  try {
    await makeFolder(folder);
    await using claim = new AsyncDisposableStack();
    claim.use(await claimed(folder, { patienceMs: LEAVING_MS }));
    await fill(folder);
    const owned = claim.move();
    return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError || !NO_SUCH_FOLDER.has(code)) throw error;
    throw new UsageError(`expected a folder that can be written to, inside a folder that exists (${code})`);
  }
}

async function fill(folder: string): Promise<void> {
  const prepared = await preparedFolder();
  const [found, expected] = await Promise.all([
    versionIn(join(folder, VERSION_FILE)),
    versionIn(join(prepared, PREPARED_VERSION_FILE)),
  ]);
  if (found === expected) return;
  const names = (await readdir(folder)).filter((name) => !isMark(name));
  const ours = new Set(await readdir(prepared));
  // The folder is empty, or it has a part of a copy whose process was killed.
  if (found === undefined && names.every((name) => ours.has(name))) {
    await copyInto(folder, prepared);
    return;
  }
  const what = found === undefined ? 'other files' : `data of Postgres ${found}`;
  throw new UsageError(`expected an empty folder or data of Postgres ${expected}, got ${what}`);
}

const versionIn = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/** Gives the version its real name last. So a folder that has a version is complete. */
async function copyInto(folder: string, prepared: string): Promise<void> {
  // A filter that leaves the version out would double the CPU time of the copy.
  await cp(prepared, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await rename(join(folder, PREPARED_VERSION_FILE), join(folder, VERSION_FILE));
}
