// What lets PGlite start with less CPU time: in the process of the embedded database, and in that of a lesson.
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';

/** What V8 has by default. */
const USUAL = ['--no-wasm-lazy-validation', '--wasm-tiering-budget=13000000'];
const LATE = [
  // By default V8 checks all functions at the start. PGlite has thousands of them, and most are never called.
  '--wasm-lazy-validation',
  // V8 compiles a function a second time, to fast code, when it has run for so long. By default this comes very early: the
  // compiler then takes more CPU time than the first hundreds of jobs. This number is nearly the largest that V8 allows. A
  // function that has run for even longer still gets its fast code.
  '--wasm-tiering-budget=2000000000',
];

/**
 * Calls `start`, which loads PGlite. V8 checks and compiles less of it meanwhile, and has its usual flags again afterwards. As
 * long as a flag is not the usual one, V8 accepts no compiled code from before: each module is compiled again, and a thread
 * starts 40 ms later.
 */
export async function compilingLate<Result>(start: () => Promise<Result>): Promise<Result> {
  for (const flag of LATE) setFlagsFromString(flag);
  try {
    return await start();
  } finally {
    for (const flag of USUAL) setFlagsFromString(flag);
  }
}

/**
 * Removes the databases that are only templates for new ones, because we make no new ones. Each template has a third of all
 * files, and some file systems take long to make a file.
 */
export async function dropTemplates(database: PGlite): Promise<void> {
  for (const name of ['template0', 'template1']) {
    await database.exec(`alter database ${name} is_template false`);
    await database.exec(`drop database ${name}`);
  }
}
