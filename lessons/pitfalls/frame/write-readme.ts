// npm run pitfall:readme: writes the table of all pitfalls. A test holds the page to what this would write.
import { readFile, writeFile } from 'node:fs/promises';
import { load, NAMES } from '../manifest.ts';
import { readme } from './page.ts';

const PAGE = new URL('../README.md', import.meta.url);

/** The page as it should be now. */
export async function expectedReadme(): Promise<string> {
  const entries = await Promise.all(NAMES.map(async (name) => ({ name, about: (await load(name)).about })));
  return readme(entries);
}

/** The page as it is. */
export const actualReadme = (): Promise<string> => readFile(PAGE, 'utf8');

if (import.meta.main) await writeFile(PAGE, await expectedReadme());
