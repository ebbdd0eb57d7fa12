// A relative path starts at the folder in which the command was typed. npm runs every script in the project's folder, and
// INIT_CWD names the folder in which it was typed.
import { resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** The absolute path that whoever typed `path` meant. */
export const typedPath = (path: string): string => resolve(typedIn(), path);

/** INIT_CWD counts only in the project's folder: a shell that a script has started keeps it, wherever it goes later. */
function typedIn(): string {
  const here = process.cwd();
  return here === PROJECT ? (process.env['INIT_CWD'] ?? here) : here;
}
