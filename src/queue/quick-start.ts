// What lets PGlite start with less CPU time, in whichever process.
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';

/** What V8 has by default. */
const USUAL = ['--no-wasm-lazy-validation', '--wasm-tiering-budget=13000000'];
const LATE = [
  // By default V8 checks all functions at the start. PGlite has thousands, and most of them are never called.
  '--wasm-lazy-validation',
  // V8 compiles a function again, to fast code, when it has run for so long. By default it does so very early: then the compiler
  // takes more than the first hundreds of jobs. This is nearly the most that V8 allows. What runs for longer still gets its
  // fast code.
  '--wasm-tiering-budget=2000000000',
];

/**
 * Calls `start`, which loads PGlite, and lets V8 do less before it runs that. The flags are set no longer: while one differs
 * from V8's own, Node refuses the compiled code that it keeps, of its own modules too. A thread would start 40 ms later.
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
 * Removes the databases that are only templates for new ones. We make no others, and each has a third of all files. Some file
 * systems are slow to make a file.
 */
export async function dropTemplates(database: PGlite): Promise<void> {
  for (const name of ['template0', 'template1']) {
    await database.exec(`alter database ${name} is_template false`);
    await database.exec(`drop database ${name}`);
  }
}
