// Every Markdown file that has marked parts, and what belongs into them. Their words come from the lessons, the pitfalls,
// the exercises and the suites themselves, so that no page can tell anything else.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUITES } from '../../bench/suites.ts';
import { listInMarkdown as listOfSuites } from '../../bench/text.ts';
import { lessons } from '../../lessons/manifest.ts';
import { listInMarkdown as listOfLessons } from '../../lessons/page.ts';
import { tableInMarkdown as tableOfPitfalls, type Entry } from '../../lessons/pitfalls/frame/page.ts';
import { load, NAMES } from '../../lessons/pitfalls/manifest.ts';
import { exercises } from '../../lessons/practice/manifest.ts';
import { withParts, type TextOfParts } from './marked-parts.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Page {
  /** From the root of the project. */
  readonly path: string;
  readonly parts: () => Promise<TextOfParts>;
}

const allPitfalls = (): Promise<Entry[]> =>
  Promise.all(NAMES.map(async (name) => ({ name, about: (await load(name)).about })));

export const PAGES: readonly Page[] = [
  {
    path: 'README.md',
    parts: async () => ({
      pitfalls: String(NAMES.length),
      exercises: String(exercises.length),
    }),
  },
  {
    path: 'bench/README.md',
    parts: async () => ({ suites: listOfSuites(SUITES) }),
  },
  {
    path: 'lessons/README.md',
    parts: async () => ({ lessons: listOfLessons(lessons) }),
  },
  {
    path: 'lessons/pitfalls/README.md',
    parts: async () => {
      const entries = await allPitfalls();
      const unfound = entries.filter(({ about }) => about.foundBy.length === 0);
      return {
        pitfalls: String(entries.length),
        'not found': `${unfound.length} of the ${entries.length}`,
        table: tableOfPitfalls(entries),
      };
    },
  },
];

/** The page as it is, and as it should be. @throws {Error} that names the page, if its marks are wrong */
export async function bothVersions({ path, parts }: Page) {
  const actual = await readFile(join(ROOT, path), 'utf8');
  try {
    return { actual, expected: withParts(actual, await parts()) };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Brings a page up to date. @returns whether it was not */
export async function refresh(page: Page): Promise<boolean> {
  const { actual, expected } = await bothVersions(page);
  if (actual === expected) return false;
  await writeFile(join(ROOT, page.path), expected);
  return true;
}
