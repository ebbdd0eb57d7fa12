import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { partNames, withParts } from './marked-parts.ts';
import { bothVersions, PAGES } from './pages.ts';

const ROOT = join(import.meta.dirname, '../..');

for (const page of PAGES) {
  test(`${page.path} is what npm run readme would write`, async () => {
    const { actual, expected } = await bothVersions(page);
    assert.ok(actual === expected, 'it is out of date: run npm run readme');
  });
}

test('every Markdown file with a marked part is one that npm run readme writes', async () => {
  const marked: string[] = [];
  for await (const path of glob('{*.md,{src,bench,lessons,test}/**/*.md}', { cwd: ROOT })) {
    const names = partNames(await readFile(join(ROOT, path), 'utf8'));
    if (names.length > 0) marked.push(path);
  }
  assert.deepEqual(marked.sort(), PAGES.map(({ path }) => path).sort());
});

const markdown = `# Menu

There are <!-- generated: number -->2<!-- end --> dishes.

<!-- generated: list -->

- soup

<!-- end -->

Enjoy.
`;

test('only the marked parts change: a list stands alone, a number stays in its sentence', () => {
  assert.equal(
    withParts(markdown, { list: '- soup\n- trout\n- roast', number: '3' }),
    markdown.replace('2', '3').replace('- soup', '- soup\n- trout\n- roast'),
  );
});

test('text that looks like a replacement pattern is text', () => {
  const parts = { list: "$& $1 $' `$$`", number: '2' };
  assert.ok(withParts(markdown, parts).includes(parts.list));
});

test('a mark in the wrong place, a missing one, one too many, and one without an end are errors that name it', () => {
  const message = (text: string, parts: Record<string, string>) => {
    try {
      return withParts(text, parts);
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(message(markdown, { list: '' }), 'expected the marked parts "list", got "list", "number"');
  assert.equal(
    message(markdown.replace('There are ', 'There are\n'), { list: '', number: '' }),
    'expected a word before <!-- generated: number --> in its line, got none',
  );
  assert.equal(message('', { list: '' }), 'expected the marked parts "list", got none');
  assert.equal(
    message(markdown + markdown, { list: '', number: '' }),
    'expected the marked parts "list", "number", got "list", "list", "number", "number"',
  );
  assert.equal(
    message(markdown.replace('soup\n\n<!-- end -->', 'soup'), { list: '', number: '' }),
    'expected <!-- end --> behind <!-- generated: list -->, got none',
  );
  assert.equal(
    message(markdown.replace('2<!-- end -->', '2'), { list: '', number: '' }),
    'expected <!-- end --> behind <!-- generated: number -->, got none',
  );
});
