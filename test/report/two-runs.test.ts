import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadOf } from '../../src/measure/statistics.ts';
import { changeLine, changeOf, mostApart, timeChangeText } from '../../src/report/two-runs.ts';

const around = (median: number, mad = median * 0.07) => spreadOf([median - mad, median, median + mad]);
const wordsOf = (one: readonly number[], other: readonly number[]) =>
  changeOf(spreadOf(one), spreadOf(other)).text;

test('a ratio beyond doubt has its spread, and any other says what is to be thought of it', () => {
  assert.equal(changeOf(around(10), around(30)).text, '3.00× (2.61× to 3.45×)');
  assert.equal(changeOf(around(10), around(11)).text, '1.10×, no clear difference');
  assert.equal(changeOf(around(10), spreadOf([30])).text, '3.00×, too few trials');
  assert.equal(wordsOf([4, 4, 4], [4, 4, 4]), 'the same');
  assert.equal(wordsOf([4], [4]), 'the same');
});

test('a figure of zero or less has no ratio, and words instead', () => {
  assert.equal(wordsOf([0, 0, 0], [5, 5, 5]), 'differs');
  assert.equal(wordsOf([-5, -5, -5], [5, 5, 5]), 'differs');
  assert.equal(wordsOf([0, 0, 1], [0, 1, 1]), 'no clear difference');
  assert.equal(wordsOf([0], [5]), 'too few trials');
  assert.equal(changeOf(spreadOf([0, 0, 0]), around(5)).ratio, undefined);
});

test('the largest change is the one farthest from 1, whichever run is slower', () => {
  assert.equal(mostApart([{ ratio: 3 }, { ratio: 0.25 }, {}])?.ratio, 0.25);
  assert.equal(mostApart([{}]), undefined);
});

test('less time reads as fast, more time as long', () => {
  assert.equal(timeChangeText(0.5), '2.00× as fast');
  assert.equal(timeChangeText(1.5), '1.50× as long');
});

test('what was changed is named with both values, and nothing is said where nothing was', () => {
  assert.equal(changeLine([], ['A', 'B']), undefined);
  assert.equal(
    changeLine([{ name: 'concurrency', one: '10', other: '20' }], ['a.json', 'b.json']),
    'What was changed: concurrency (10 in a.json, 20 in b.json). The ratios include this change.',
  );
});
