// The lines of `wrong` and `right` in the file of a pitfall. The command line prints them, and the tests ask the
// linters what they find between the first and the last of them.
import { readFile } from 'node:fs/promises';
import type { VersionName } from './pitfall.ts';

export interface Excerpt {
  /** Line numbers of the function, from 1, both included. */
  readonly first: number;
  readonly last: number;
  /** The function, with the comment above it. */
  readonly lines: readonly string[];
}

/**
 * Prettier puts the brace that ends a function of the module into the first column, so no parser is needed.
 * @throws {Error} if the file has no such function
 */
export function excerptOf(source: string, version: VersionName): Excerpt {
  const lines = source.split('\n');
  const opening = new RegExp(`^export (?:async )?function ${version}\\(`);
  const start = lines.findIndex((line) => opening.test(line));
  if (start < 0) throw new Error(`expected a line "export function ${version}("`);
  const end = lines.indexOf('}', start);
  let comment = start;
  while (lines[comment - 1]?.startsWith('//')) comment--;
  return { first: start + 1, last: end + 1, lines: lines.slice(comment, end + 1) };
}

/** Both functions of a pitfall, as they stand in its file now. */
export async function excerptsOf(name: string): Promise<Readonly<Record<VersionName, Excerpt>>> {
  const source = await readFile(new URL(`../${name}.ts`, import.meta.url), 'utf8');
  return { wrong: excerptOf(source, 'wrong'), right: excerptOf(source, 'right') };
}
