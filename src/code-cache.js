// Keeps compiled code for the next process. Without it a short command spends most of its time on reading its TypeScript. This
// file is JavaScript, because it is loaded before the first file in TypeScript.
import { accessSync, constants, mkdirSync } from 'node:fs';
// Not by its name: Node 20, which run.js sends away in one line, has no such function and would end with a stack.
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the packages, where caches of tools live; in the temporary folder if that cannot be written. */
export function codeCacheFolder() {
  const beside = fileURLToPath(new URL('../node_modules/.cache/async-workbench', import.meta.url));
  try {
    mkdirSync(beside, { recursive: true });
    accessSync(beside, constants.W_OK);
    return beside;
  } catch {
    return join(tmpdir(), 'async-workbench-cache');
  }
}

/** Keeps the compiled code of all that this process loads from now on, unless the shell forbids it. */
export function keepCode() {
  module.enableCompileCache(codeCacheFolder());
}
