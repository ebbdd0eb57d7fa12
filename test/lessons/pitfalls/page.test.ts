import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptsOf } from '../../../lessons/pitfalls/frame/excerpt.ts';
import { page, type PageParts } from '../../../lessons/pitfalls/frame/page.ts';
import type { About, Symptom } from '../../../lessons/pitfalls/frame/pitfall.ts';
import { load, NAMES } from '../../../lessons/pitfalls/manifest.ts';
import { plain } from '../../../src/report/paint.ts';

const ABOUT: About = {
  title: 'A title',
  symptom: 'A symptom.',
  remedy: 'A remedy.',
  foundBy: [],
  shows: {
    wrong: { printed: ['one', 'two'], exitCode: 1, warnings: [] },
    right: { printed: ['one'], exitCode: 0, warnings: [] },
  },
};

/** The page of an invented pitfall, as paragraphs. */
function paragraphs(about: Partial<About>, wrong: Symptom = ABOUT.shows.wrong): string[] {
  const parts: PageParts = {
    name: 'invented',
    about: { ...ABOUT, ...about },
    code: { wrong: ['export function wrong() {}'], right: ['export function right() {}'] },
    wrong,
    right: ABOUT.shows.right,
    holds: wrong === ABOUT.shows.wrong,
  };
  return page(parts, plain).split('\n\n');
}

test('the page has the title, the two functions, the symptoms side by side, and the words', () => {
  const [title, wrong, right, symptoms, words, ...rest] = paragraphs({});
  assert.equal(title, 'invented: A title');
  assert.equal(wrong, 'export function wrong() {}');
  assert.equal(right, 'export function right() {}');
  const rows = symptoms!.split('\n').map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(rows, [
    ['wrong', 'right'],
    ['printed', 'one', 'one'],
    ['two'],
    ['exit code', '1', '0'],
    ['warnings', '(nothing)', '(nothing)'],
  ]);
  assert.match(words!, /^Symptom +A symptom\.\nRemedy +A remedy\.\nFound by +No tool\./);
  assert.deepEqual(rest, []);
});

test('a run that differs says which fact differs, what was expected and what came, in words', () => {
  const wrong = { printed: ['one', 'three'], exitCode: 10, warnings: ['late'] };
  const text = paragraphs({}, wrong).at(-1)!;
  assert.deepEqual(text.split('\n'), [
    'This run differs from what the pitfall claims:',
    '- wrong, printed, line 2: expected two, saw three',
    '- wrong, exit code: expected 1, saw 10',
    '- wrong, warnings: expected (nothing), saw late',
  ]);
});

test('lines that are missing or too many are named by their number', () => {
  const [missing, tooMany] = [['one'], ['one', 'two', 'three']].map((printed) =>
    paragraphs({}, { ...ABOUT.shows.wrong, printed }).at(-1)!,
  );
  assert.match(missing!, /^- wrong, printed, line 2: expected two, saw \(no more\)$/m);
  assert.match(tooMany!, /^- wrong, printed, line 3: expected \(no more\), saw three$/m);
});

test('who finds it is a sentence: one tool, several, Node itself, and what they miss', () => {
  const foundBy = (about: Partial<About>) =>
    paragraphs(about)[4]!
      .replaceAll(/\n +/g, ' ')
      .match(/Found by +(.*)/)![1];
  assert.equal(foundBy({ foundBy: ['tsc TS1'] }), 'tsc TS1.');
  assert.equal(
    foundBy({ foundBy: ['tsc TS1', 'node exit code 13'], missedWhen: 'it rains' }),
    'tsc TS1 and Node, which ends with exit code 13. They miss it when it rains.',
  );
  assert.equal(
    foundBy({ foundBy: ['eslint rule'], missedWhen: 'it rains' }),
    'eslint rule. It misses it when it rains.',
  );
  assert.equal(
    foundBy({ foundBy: ['awaiting abandoned'] }),
    'npm run awaiting, which finds "abandoned" while it runs.',
  );
});

for (const name of NAMES) {
  test(`the page of ${name} fits in 80 columns, and its words are whole sentences`, async () => {
    const { about } = await load(name);
    const { wrong, right } = await excerptsOf(name);
    const code = { wrong: wrong.lines, right: right.lines };
    const text = page({ name, about, code, ...about.shows, holds: true, next: NAMES[0] }, plain);
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
    for (const words of [about.symptom, about.remedy]) assert.match(words, /[.)]$/);
    assert.ok(about.title.length <= 40, about.title);
  });
}
