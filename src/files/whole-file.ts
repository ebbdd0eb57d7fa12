// A file is whole or absent: written beside its name first, and renamed when complete. Whoever reads the name sees the
// old content or the new, and never half of one, not even after a crash or a power failure.
//
// What the file is stays as it was: its permissions, its owner as far as the system lets us, and a link that leads to it.
// A link is followed as `>` of a shell follows it, also one that leads to nothing yet. Hard links and access lists are
// lost, as with every file that is replaced and not overwritten. test/files/whole-file-peers.test.ts holds all this
// beside write-file-atomic, which differs in two points: it turns a link that leads to nothing into a file, and it does
// not flush the folder, so that after a power failure a file that was reported as written may be gone.
import type { Stats } from 'node:fs';
import { link, lstat, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isLeftBehind, isOwned, ownedName } from './owner.ts';

const TEMPORARY = '.unfinished-';
/** As many links as Linux follows before it gives up. */
const MOST_LINKS = 40;

/** A text in pieces, or bytes as they are. */
export type Content = Iterable<string> | Uint8Array;

/** Removes what ended processes left half-written in `folder`. Files that others are writing now stay, and so do all others. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder);
  const unfinished = names.filter((name) => isLeftBehind(name, TEMPORARY)).map((name) => join(folder, name));
  // Best effort: somebody else may have removed a file first, and one that cannot be removed is in nobody's way.
  await Promise.all(unfinished.map((path) => removePlainFile(path).catch(() => {})));
}

async function removePlainFile(path: string): Promise<void> {
  if ((await lstat(path)).isFile()) await rm(path, { force: true });
}

/** Whether `name` can be a file in any folder: no path, and no name of our own temporary files. */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name !== basename(name)) return false;
  return !/[\\\0]/.test(name) && !isOwned(name, TEMPORARY);
}

/**
 * Writes `content` to `folder`/`name`, replacing what was there, and returns the path. When it resolves, the file is on
 * the disk and not only on its way there.
 * @throws {TypeError} if `name` is anything but a plain file name, so that no name can leave the folder, or if it is one
 * of our own temporary files
 * @throws what the file system throws; the temporary file is gone by then, and what had the name stays
 */
export async function writeWhole(folder: string, name: string, content: Content): Promise<string> {
  if (!isPlainName(name))
    throw new TypeError(`name: expected a plain file name, got ${JSON.stringify(name)}`);
  const path = join(folder, name);
  const destination = await destinationOf(path);
  const replaced = await stat(destination).catch(() => undefined);
  if (replaced && !replaced.isFile()) throw notAFile(path, replaced);
  const temporary = join(dirname(destination), ownedName(TEMPORARY));
  try {
    await writeNew(temporary, content, replaced);
    await rename(temporary, destination);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await flushFolder(dirname(destination));
  return path;
}

/**
 * The same for a file that is new: what has the name already is not touched, not even a link that leads to nothing.
 * @throws {TypeError} as `writeWhole` does
 * @throws what the file system throws, EEXIST where the name is taken; the name is as it was then
 */
export async function createWhole(folder: string, name: string, content: Content): Promise<string> {
  if (!isPlainName(name))
    throw new TypeError(`name: expected a plain file name, got ${JSON.stringify(name)}`);
  const path = join(folder, name);
  // A second name for the finished file: unlike a rename, this fails where the name is taken.
  const temporary = join(folder, ownedName(TEMPORARY));
  try {
    await expectFree(path);
    await writeNew(temporary, content, undefined);
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      // FAT and some network folders have no second names. There we rename. If another process makes a file of this name
      // in the moment since `expectFree`, it is replaced.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
      return rename(temporary, path);
    });
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
  await flushFolder(folder);
  return path;
}

async function expectFree(path: string): Promise<void> {
  const found = await lstat(path).catch(ignoring('ENOENT'));
  if (found) throw Object.assign(new Error(`EEXIST: ${path} is there already`), { code: 'EEXIST', path });
}

/**
 * Where a file written to `path` ends up: at the end of all links, whether there is something or not.
 * @throws what the file system throws, for instance if a folder on the way is missing
 */
export async function destinationOf(path: string): Promise<string> {
  let at = resolve(path);
  for (let followed = 0; followed <= MOST_LINKS; followed++) {
    const folder = await realpath(dirname(at));
    const link = await readlink(join(folder, basename(at))).catch(notALink);
    if (link === undefined) return join(folder, basename(at));
    at = resolve(folder, link);
  }
  throw Object.assign(new Error(`ELOOP: too many links, ${path}`), { code: 'ELOOP', path });
}

function notALink(error: NodeJS.ErrnoException): undefined {
  // Windows says UNKNOWN where others say EINVAL.
  if (!['EINVAL', 'ENOENT', 'UNKNOWN'].includes(error.code ?? '')) throw error;
}

/** A rename would replace a device or a pipe by a file, and on some systems an empty folder too. */
const notAFile = (path: string, found: Stats): Error =>
  Object.assign(new Error(`${path}: expected a plain file to replace, got something else`), {
    code: found.isDirectory() ? 'EISDIR' : 'EINVAL',
  });

async function writeNew(path: string, content: Content, like: Stats | undefined): Promise<void> {
  // The old file may hold a secret. So nobody else may read the new one before it has the old one's permissions.
  await using file = await open(path, 'wx', like ? 0o600 : 0o666);
  await file.writeFile(content);
  if (like) {
    await keepOwner(file, like);
    // This comes after the owner, because a change of owner clears some bits of the mode (set-user-ID).
    await file.chmod(like.mode & 0o7777);
  }
  await file.sync();
}

type OpenFile = Awaited<ReturnType<typeof open>>;

/** Only root may give a file away. Whoever else replaces a stranger's file owns the new one, as with any editor. */
async function keepOwner(file: OpenFile, { uid, gid }: Stats): Promise<void> {
  const made = await file.stat();
  if (made.uid === uid && made.gid === gid) return;
  await file.chown(uid, gid).catch(ignoring('EPERM', 'EINVAL', 'ENOSYS'));
}

/** A rename is on the disk only when its folder is. Windows and some file systems cannot flush a folder. */
async function flushFolder(folder: string): Promise<void> {
  const ignored = ignoring('EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'ENOSYS');
  const handle = await open(folder).catch(ignored);
  if (!handle) return;
  await handle.sync().catch(ignored);
  await handle.close();
}

const ignoring =
  (...codes: readonly string[]) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
