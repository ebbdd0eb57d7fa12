import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { excerptOf, excerptsOf } from '../../../lessons/pitfalls/frame/excerpt.ts';
import { load, NAMES } from '../../../lessons/pitfalls/manifest.ts';

const FOLDER = new URL('../../../lessons/pitfalls/', import.meta.url);
/** The first line of a function, a class or the pitfall itself, but not of `wrong` and `right`. */
const OPENS_HARNESS =
  /^(export const pitfall|class|(export )?(async )?function (?!wrong\b|right\b)|export default)/;
/** What only the harness of a pitfall needs. */
const HARNESS =
  /openRestaurant|cookInBatches|peakInFlight|restaurant\.|gate\b|counters|until\(|process\.on|InOwnProcess/;

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

  test(`${name} opens with its idea, then wrong and right, and the harness comes below`, async () => {
    const source = await readFile(new URL(`${name}.ts`, FOLDER), 'utf8');
    const lines = source.split('\n');
    const { wrong, right } = { wrong: excerptOf(source, 'wrong'), right: excerptOf(source, 'right') };
    const harness = lines.findIndex((line) => OPENS_HARNESS.test(line)) + 1;
    assert.match(lines[0]!, /^\/\/ .{40}/);
    assert.ok(wrong.last < right.first && right.last < harness, `the harness begins at line ${harness}`);
  });

  test(`${name}: wrong and right each say why, fit in 80 columns, and hold nothing of the harness`, async () => {
    for (const { lines } of Object.values(await excerptsOf(name))) {
      assert.match(lines[0]!, /^\/\/ .{20}/);
      for (const line of lines) {
        assert.ok(line.length <= 80, line);
        assert.doesNotMatch(line, HARNESS);
      }
    }
  });
}
