// A learner for tests: a folder of copies of their own beside the real one, and the command line on it. While a learner is
// there, functions that this process calls work on the learner's copies too. So a file of tests has one learner at a time.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, runLines, type Ending } from '../../processes.ts';
import { trialEnvironment } from '../../../src/measure/compile-cache.ts';
import { folderOf, stemOf, type Exercise } from '../../../lessons/practice/manifest.ts';

const PRACTICE = join(ROOT, 'lessons/practice');

export interface Learner extends AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** `npm run practice -- ARGS` */
  run(...args: string[]): Promise<Ending>;
  /** Several of these in one process. None of them may check an exercise. */
  runLines(...lines: string[][]): Promise<Ending[]>;
  /** The path of the learner's copy. */
  copy(exercise: Exercise): string;
  /** Writes our solution in the place of the copy. */
  solve(exercise: Exercise): Promise<void>;
  /** Writes down that these have passed, as earlier checks would have. The copies must be there. */
  havePassed(exercises: readonly Exercise[]): Promise<void>;
}

let learners = 0;

export function learner(): Learner {
  const name = `mine-test-${process.pid}-${learners++}`;
  const folder = join(PRACTICE, name);
  const env: NodeJS.ProcessEnv = { ...trialEnvironment(), PRACTICE_FOLDER: name, NO_COLOR: '1' };
  delete env['FORCE_COLOR'];
  delete env['NODE_TEST_CONTEXT'];
  process.env['PRACTICE_FOLDER'] = name;
  const copy = (exercise: Exercise) => join(folder, `${stemOf(exercise)}.ts`);
  return {
    folder,
    env,
    copy,
    run: (...args) => run('lessons/practice/cli.ts', args, env),
    runLines: (...lines) => runLines('lessons/practice/program.ts', lines, { env }),
    async solve(exercise) {
      await writeFile(copy(exercise), await readFile(join(folderOf(exercise), 'solution.ts'), 'utf8'));
    },
    async havePassed(exercises) {
      const notesFile = join(folder, 'progress.json');
      const notes = JSON.parse(await readFile(notesFile, 'utf8')) as Record<string, object>;
      for (const { name } of exercises) notes[name] = { ...notes[name], passed: 'a text of last week' };
      await writeFile(notesFile, JSON.stringify(notes));
    },
    async [Symbol.asyncDispose]() {
      delete process.env['PRACTICE_FOLDER'];
      await rm(folder, { recursive: true, force: true });
    },
  };
}
