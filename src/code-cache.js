// Compiled code is kept for the next process. Most of the time that a short command takes is otherwise spent on reading its
// TypeScript. Written in JavaScript, because it comes before the first file in TypeScript.
// Not by its name: Node 20, which run.js sends away in one line, has no such function and would end with a stack.
import module from 'node:module';
import { cacheFolder } from './files/cache-folder.js';

/** Of this process and its main thread. Whatever is loaded from now on is kept, unless the shell forbids it. */
export function keepCode() {
  module.enableCompileCache(cacheFolder());
}
