// What lets PGlite start with less CPU time, in whichever process.
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';

/** Lets V8 do less before it runs WebAssembly. It counts for what this process compiles from now on. */
export function compileLate(): void {
  // By default V8 checks all functions at the start. PGlite has thousands, and most of them are never called.
  setFlagsFromString('--wasm-lazy-validation');
  // V8 compiles a function again, to fast code, when it has run for so long. By default it does so very early: then the compiler
  // takes more than the first hundreds of jobs. This is nearly the most that V8 allows. What runs for longer still gets its
  // fast code.
  setFlagsFromString('--wasm-tiering-budget=2000000000');
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
