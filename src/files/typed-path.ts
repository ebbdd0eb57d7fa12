// A relative path means: seen from where the command was typed. npm runs a script in the project's folder, wherever
// it was typed, and tells that place in INIT_CWD.
import { resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** The absolute path that whoever typed `path` meant. */
export const typedPath = (path: string): string => resolve(typedIn(), path);

/** INIT_CWD outlives the script that npm ran, in every shell started from there: it counts only where npm has put us. */
function typedIn(): string {
  const here = process.cwd();
  return here === PROJECT ? (process.env['INIT_CWD'] ?? here) : here;
}
