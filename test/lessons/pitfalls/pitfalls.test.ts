import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { load, NAMES } from '../../../lessons/pitfalls/manifest.ts';

const FOLDER = new URL('../../../lessons/pitfalls/', import.meta.url);
/** One screen. */
const MOST_LINES = 90;

test('the manifest lists every pitfall of the folder, and nothing that is not there', async () => {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.ts'));
  const expected = [...NAMES.map((name) => `${name}.ts`), 'cli.ts', 'program.ts', 'manifest.ts'];
  assert.deepEqual(files.toSorted(), expected.toSorted());
});

test('the first three are the three of the article', async () => {
  const three = await Promise.all(NAMES.slice(0, 3).map(load));
  const sections = three.map(({ about }) => about.article?.split(',')[0]);
  assert.deepEqual(sections, ['Pitfalls 1', 'Pitfalls 2', 'Pitfalls 3']);
});

for (const name of NAMES) {
  const { about, wrong, right } = await load(name);
  const skip = about.notOn === process.platform;

  test(`${name}, wrong: ${about.symptom}`, { skip }, async () => {
    assert.deepEqual(await wrong(), about.shows.wrong);
  });

  test(`${name}, right: none of that`, { skip }, async () => {
    assert.deepEqual(await right(), about.shows.right);
    assert.notDeepEqual(about.shows.right, about.shows.wrong);
  });

  test(`${name} opens with its idea and fits on one screen`, async () => {
    const lines = (await readFile(new URL(`${name}.ts`, FOLDER), 'utf8')).trimEnd().split('\n');
    assert.match(lines[0]!, /^\/\/ .{40}/);
    assert.ok(lines.length <= MOST_LINES, `expected at most ${MOST_LINES} lines, got ${lines.length}`);
  });
}
