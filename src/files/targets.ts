// Reports go into files that a user names. A report of ours is replaced. Any other file is replaced only if --force says
// so, and a device or a folder never: a typing error must not cost somebody a file. All this is checked before the work
// that fills the file, because that may take minutes.
import { access, constants, open, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { oneLine } from '../printable.ts';
import { UsageError } from '../usage-error.ts';
import { typedPath } from './typed-path.ts';
import { destinationOf, isPlainName, removeUnfinished, writeWhole, type Content } from './whole-file.ts';

export interface SaveOptions {
  /** What every file of this kind has near its beginning. */
  readonly mark: string;
  readonly force: boolean;
}

/** So many bytes from the beginning are searched for the mark. */
const HEAD_BYTES = 4096;

/**
 * Says, before the work is done, whether `path` can be written. Returns where it leads to, behind all links.
 * @throws {UsageError} if its folder is missing, if no file of this name can be made there, or if it is something that must
 * not be replaced
 */
export async function checkTarget(path: string, { mark, force }: SaveOptions): Promise<string> {
  if (path === '') throw new UsageError('expected the name of a file to write, got ""');
  const typed = typedPath(path);
  // A path that ends with a separator means a folder, and `resolve` drops that.
  if (/[/\\]$/.test(path)) throw new UsageError(`${path}: is no plain file; choose another name`);
  if (!isPlainName(basename(typed))) {
    throw new UsageError(
      `${path}: expected a name that is one on every system, got ${JSON.stringify(basename(typed))}`,
    );
  }
  const destination = await destinationOf(typed).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${whyNot(error, dirname(typed))}`);
  });
  const folder = dirname(destination);
  await removeUnfinished(folder).catch(() => {}); // what cannot be listed can be written all the same
  const found = await stat(destination).catch(() => undefined);
  if (!found) {
    await tryToCreate(destination).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${path}: ${whyNot(error, folder)}`);
    });
    return destination;
  }
  if (!found.isFile()) throw new UsageError(`${path}: is no plain file; choose another name`);
  await access(destination, constants.R_OK | constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: may not be replaced (${error.code}); choose another name`);
  });
  if (!force && found.size > 0 && !(await headOf(destination)).includes(mark)) {
    throw new UsageError(`${path}: is not one of our reports; choose another name, or --force to replace it`);
  }
  await access(folder, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${whyNot(error, folder)}`);
  });
  return destination;
}

/** Only the file system knows which names it takes. The file is gone again at once. */
async function tryToCreate(path: string): Promise<void> {
  const file = await open(path, 'wx');
  await file.close();
  await rm(path);
}

function whyNot({ code }: NodeJS.ErrnoException, folder: string): string {
  const where = JSON.stringify(folder);
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no folder ${where}`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `the folder ${where} cannot be written (${code})`;
  }
  return `no file of this name can be made in ${where} (${code})`;
}

async function headOf(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
  return buffer.toString('utf8', 0, bytesRead);
}

/** Writes the file whole or not at all; behind a link, the file it leads to. @throws as `checkTarget` and `writeWhole` */
export async function saveReport(path: string, content: Content, options: SaveOptions): Promise<void> {
  const destination = await checkTarget(path, options);
  await writeWhole(dirname(destination), basename(destination), content);
}

/** A file that an option asked for, and what of a run goes into it. */
export interface Target<Run> {
  readonly option: string;
  readonly path: string;
  readonly mark: string;
  /** The text, in pieces where it is long: one string cannot hold a few million spans. */
  readonly textOf: (run: Run) => Iterable<string>;
}

/** Says, before the run is made, whether all files that were asked for can be written. @throws {UsageError} */
export async function checkTargets<Run>(targets: ReadonlyArray<Target<Run>>, force: boolean): Promise<void> {
  const taken = new Map<string, string>();
  for (const { option, path } of targets) {
    // checkTarget refuses a path that leads nowhere, with a message of its own.
    const destination = await destinationOf(typedPath(path)).catch(() => typedPath(path));
    const other = taken.get(destination);
    if (other !== undefined) {
      throw new UsageError(`${option}: expected another file than ${other}, got ${path} twice`);
    }
    taken.set(destination, option);
  }
  for (const { path, mark } of targets) await checkTarget(path, { mark, force });
}

/** What became of the files that were asked for. */
export interface SavedTargets {
  /** A line about each that was written. */
  readonly lines: readonly string[];
  /** A line about each that was not. */
  readonly failures: readonly string[];
}

/** Writes all of them. If one fails, the others are written all the same, because the run took minutes. */
export async function saveTargets<Run>(
  targets: ReadonlyArray<Target<Run>>,
  run: Run,
  force: boolean,
): Promise<SavedTargets> {
  const lines: string[] = [];
  const failures: string[] = [];
  for (const { path, mark, textOf } of targets) {
    try {
      await saveReport(path, textOf(run), { mark, force });
      lines.push(`wrote ${oneLine(path)}`);
    } catch (error) {
      failures.push(failureOf(path, error));
    }
  }
  return { lines, failures };
}

function failureOf(path: string, error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return `${path}: cannot be written (${code ?? message})`;
}

/** What a reader knows a file by: its name, or its path where `other` has the same name. */
export const nameBeside = (path: string, other: string): string =>
  basename(path) === basename(other) ? path : basename(path);

/** A saved run's path without its ending, for the names of what is made of it. */
export const stemOf = (path: string): string => path.replace(/\.json$/i, '');
