// Reports go into files that a user names. One of ours is replaced; anything else only if told to, and what is
// no plain file never: a slip of the tongue must not cost somebody a file.
import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeWhole } from './whole-file.ts';
import { UsageError } from '../usage-error.ts';

export interface SaveOptions {
  /** What every file of this kind has near its beginning. */
  readonly mark: string;
  readonly force: boolean;
}

/** So many bytes from the beginning are searched for the mark. */
const HEAD_BYTES = 4096;

/**
 * Says, before the work is done, whether `path` can be written.
 * @throws {UsageError} if its folder is missing, or if it is something that must not be replaced
 */
export async function checkTarget(path: string, { mark, force }: SaveOptions): Promise<void> {
  if (path === '') throw new UsageError('expected the name of a file to write, got ""');
  const folder = dirname(resolve(path));
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`${path}: there is no folder ${JSON.stringify(folder)}`);
  await access(folder, constants.W_OK).catch(() => {
    throw new UsageError(`${path}: the folder ${JSON.stringify(folder)} cannot be written`);
  });
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isFile()) throw new UsageError(`${path}: is no plain file; choose another name`);
  if (force || found.size === 0 || (await headOf(path)).includes(mark)) return;
  throw new UsageError(`${path}: is not one of our reports; choose another name, or --force to replace it`);
}

async function headOf(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
  return buffer.toString('utf8', 0, bytesRead);
}

/** Writes the file whole or not at all; behind a link, the file it leads to. @throws as `checkTarget` */
export async function saveReport(path: string, text: Iterable<string>, options: SaveOptions): Promise<void> {
  await checkTarget(path, options);
  const real = await realpath(path).catch(() => join(dirname(resolve(path)), basename(resolve(path))));
  await writeWhole(dirname(real), basename(real), text);
}

/** A file that an option asked for, and what of a run goes into it. */
export interface Target<Run> {
  readonly option: string;
  readonly path: string;
  readonly mark: string;
  /** In one piece, or in several: a string cannot hold the text of a few million spans. */
  readonly textOf: (run: Run) => Iterable<string>;
}

/** Says, before the run is made, whether all files that were asked for can be written. @throws {UsageError} */
export async function checkTargets<Run>(targets: ReadonlyArray<Target<Run>>, force: boolean): Promise<void> {
  const taken = new Map<string, string>();
  for (const { option, path, mark } of targets) {
    const other = taken.get(resolve(path));
    if (other !== undefined) {
      throw new UsageError(`${option}: expected another file than ${other}, got ${path} twice`);
    }
    taken.set(resolve(path), option);
    await checkTarget(path, { mark, force });
  }
}

/** Writes all of them, and returns a line about each. @throws {UsageError} */
export async function saveTargets<Run>(
  targets: ReadonlyArray<Target<Run>>,
  run: Run,
  force: boolean,
): Promise<string[]> {
  for (const { path, mark, textOf } of targets) await saveReport(path, textOf(run), { mark, force });
  return targets.map(({ path }) => `wrote ${path}`);
}

/** What a reader knows a file by: its name, or its path where `other` has the same name. */
export const nameBeside = (path: string, other: string): string =>
  basename(path) === basename(other) ? path : basename(path);

/** A saved run's path without its ending, for the names of what is made of it. */
export const stemOf = (path: string): string => path.replace(/\.json$/i, '');
