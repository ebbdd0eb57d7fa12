// The learner works on copies. They are in a folder beside the exercises, so that the imports of an exercise also work in
// its copy. The exercises themselves never change. Nothing that the learner wrote is ever overwritten: a reset keeps the
// old text beside the new.
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createWhole, writeWhole } from '../../src/files/whole-file.ts';
import { UsageError } from '../../src/usage-error.ts';
import { exercises, folderOf, stemOf, type Exercise } from './manifest.ts';

/** What is known of one exercise. */
interface Note {
  /** Hash of the exercise as it was shipped when it was copied. */
  readonly shipped: string;
  /** Hash of the text that passed; absent while nothing has. */
  readonly passed?: string;
}

type Notes = Record<string, Note>;

/** Another folder beside the exercises, for tests; it must be a name that git and the linters ignore. */
const FOLDER_VARIABLE = 'PRACTICE_FOLDER';
const NOTES = 'progress.json';

/** Makes the copies a project of their own, for editors and for the type checker. */
const TSCONFIG = {
  extends: '../../../tsconfig.json',
  // A learner leaves things unused while they think.
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['*.ts'],
  exclude: [],
};

/** @throws {UsageError} if the variable names something else than a folder for copies */
export function copiesFolder(): string {
  const name = process.env[FOLDER_VARIABLE] ?? 'mine';
  if (!/^mine[\w-]*$/.test(name)) {
    throw new UsageError(
      `${FOLDER_VARIABLE}: expected a name that begins with "mine", got ${JSON.stringify(name)}`,
    );
  }
  return join(import.meta.dirname, name);
}

export const copyOf = (exercise: Exercise): string => join(copiesFolder(), `${stemOf(exercise)}.ts`);

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What a text that cannot be read holds is unknown, and not nothing: only these errors say that there is none. */
const unlessCode =
  (code: string) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };

/**
 * Copies what has never been copied, and returns what is known of every exercise.
 * @throws {UsageError} if the folder cannot be written
 */
export async function openCopies(): Promise<Copies> {
  try {
    await mkdir(copiesFolder(), { recursive: true });
    const notes = await readNotes();
    const missing = exercises.filter(({ name }) => notes[name] === undefined);
    for (const exercise of missing) {
      const shipped = await readShipped(exercise);
      // A copy may be there without a note about it. It is the learner's, so it stays.
      await createWhole(copiesFolder(), basename(copyOf(exercise)), shipped).catch(unlessCode('EEXIST'));
      notes[exercise.name] = { shipped: hashOf(shipped) };
    }
    await writeWhole(copiesFolder(), 'tsconfig.json', `${JSON.stringify(TSCONFIG, null, 2)}\n`);
    if (missing.length > 0) await writeNotes(notes);
    return new Copies(notes);
  } catch (error) {
    throw unwritable(error);
  }
}

export class Copies {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** Whether the exercise has passed once. */
  isDone({ name }: Exercise): boolean {
    return this.#notes[name]?.passed !== undefined;
  }

  /** The first exercise that has not passed yet. */
  get next(): Exercise | undefined {
    return exercises.find((exercise) => !this.isDone(exercise));
  }

  get doneCount(): number {
    return exercises.filter((exercise) => this.isDone(exercise)).length;
  }

  /** Whether another text is shipped now than the one that was copied. */
  async isOutdated(exercise: Exercise): Promise<boolean> {
    return hashOf(await readShipped(exercise)) !== this.#notes[exercise.name]?.shipped;
  }

  /** Writes down that `text` passed. */
  async markDone(exercise: Exercise, text: string): Promise<void> {
    const { shipped } = this.#notes[exercise.name]!;
    this.#notes[exercise.name] = { shipped, passed: hashOf(text) };
    await writeNotes(this.#notes).catch((error: unknown) => {
      throw unwritable(error);
    });
  }

  /**
   * Puts the exercise as it is shipped in the place of the copy. Returns the name of the file that keeps the learner's text;
   * undefined if there was none, or nothing in it was the learner's.
   */
  async reset(exercise: Exercise): Promise<string | undefined> {
    try {
      const shipped = await readShipped(exercise);
      const before = await readFile(copyOf(exercise), 'utf8').catch(unlessCode('ENOENT'));
      let kept: string | undefined;
      if (before !== undefined && before !== shipped) {
        // Named by its content, so that a second reset does not overwrite what the first one kept.
        kept = `${stemOf(exercise)}.before-reset-${hashOf(before).slice(0, 6)}.txt`;
        await writeWhole(copiesFolder(), kept, before);
      }
      await writeWhole(copiesFolder(), basename(copyOf(exercise)), shipped);
      this.#notes[exercise.name] = { shipped: hashOf(shipped) };
      await writeNotes(this.#notes);
      return kept;
    } catch (error) {
      throw unwritable(error);
    }
  }
}

/** The learner's text. @throws {UsageError} if the copy was deleted or cannot be read */
export async function readCopy(exercise: Exercise): Promise<string> {
  try {
    return await readFile(copyOf(exercise), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT'
        ? `your copy of ${exercise.name} is not there any more; npm run practice -- reset ${exercise.name} makes a new one`
        : `your copy of ${exercise.name} cannot be read (${code})`,
    );
  }
}

export const readShipped = (exercise: Exercise): Promise<string> =>
  readFile(join(folderOf(exercise), 'exercise.ts'), 'utf8');
export const readSolution = (exercise: Exercise): Promise<string> =>
  readFile(join(folderOf(exercise), 'solution.ts'), 'utf8');

/** A file that is not ours, for instance after a crash, counts as if nothing were known. The copies themselves stay. */
async function readNotes(): Promise<Notes> {
  const text = await readFile(join(copiesFolder(), NOTES), 'utf8').catch(() => '{}');
  let known: unknown;
  try {
    known = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof known !== 'object' || known === null) return {};
  const isNote = (note: unknown): note is Note =>
    typeof note === 'object' && note !== null && 'shipped' in note && typeof note.shipped === 'string';
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, Note] => isNote(entry[1])),
  );
}

/** Writes the file whole or not at all. With half a file, what has passed would be forgotten. */
async function writeNotes(notes: Notes): Promise<void> {
  await writeWhole(copiesFolder(), NOTES, `${JSON.stringify(notes, null, 2)}\n`);
}

function unwritable(error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof UsageError || code === undefined) return error as Error;
  return new UsageError(`the exercises are copied to ${copiesFolder()}, which cannot be written (${code})`);
}
