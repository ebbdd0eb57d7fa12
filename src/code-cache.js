// Keeps compiled code for the next process. Without it a short command spends most of its time on reading its TypeScript. This
// file is JavaScript, because it is loaded before the first file in TypeScript.
// Not by its name: Node 20, which run.js sends away in one line, has no such function and would end with a stack.
import module from 'node:module';
import { cacheFolder } from './files/cache-folder.js';

/** Keeps the compiled code of all that this process loads from now on, unless the shell forbids it. */
export function keepCode() {
  module.enableCompileCache(cacheFolder());
}
