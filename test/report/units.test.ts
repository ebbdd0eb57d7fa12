import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asFastAs,
  count,
  duration,
  durationWithPercent,
  durationWithSpread,
  exactPercent,
  listed,
  mebibytes,
  number,
  percent,
  ratio,
} from '../../src/report/units.ts';

test('a duration keeps three significant digits and takes the unit that fits', () => {
  const cases: ReadonlyArray<readonly [ms: number, text: string]> = [
    [0, '0 ms'],
    [0.000085, '85.0 ns'],
    [0.0123, '12.3 µs'],
    [0.9994, '999 µs'],
    [0.9999, '1.00 ms'],
    [9.999, '10.0 ms'],
    [20, '20.0 ms'],
    [119.96, '120 ms'],
    [999.4, '999 ms'],
    [999.9, '1.00 s'],
    [1290, '1.29 s'],
    [119_400, '119 s'],
    [125_000, '2 min 5 s'],
  ];
  for (const [ms, text] of cases) assert.equal(duration(ms), text);
});

test('a spread is shown with two digits, and not at all for a single sample', () => {
  assert.equal(durationWithSpread({ median: 1290, mad: 8.57, samples: [1, 2] }), '1.29 s ± 8.6 ms');
  assert.equal(durationWithSpread({ median: 1290, mad: 0, samples: [1290] }), '1.29 s');
});

test('ratios, percentages, sizes and counts read as a person would write them', () => {
  assert.deepEqual([ratio(0.987), ratio(1), ratio(40.33), ratio(194.2)], ['0.99×', '1.00×', '40.3×', '194×']);
  assert.equal(percent(0.925), '93 %');
  assert.equal(mebibytes(211.6), '212 MiB');
  assert.deepEqual([count(1, 'request'), count(1000, 'request')], ['1 request', '1,000 requests']);
});

test('a number reads as it does in English, with or without commas', () => {
  const english = new Intl.NumberFormat('en');
  for (const value of [0, 7, 999, 1000, 1_234_567, -12, -4321, 0.5, 49.3, 1 / 3, 999.9995, 1e-5, 1234.5678])
    assert.equal(number(value), english.format(value));
});

test('words are listed as in a sentence', () => {
  assert.equal(listed([]), '');
  assert.equal(listed(['soup']), 'soup');
  assert.equal(listed(['soup', 'fish']), 'soup and fish');
  assert.equal(listed(['soup', 'fish', 'cake']), 'soup, fish and cake');
});

test('a baseline is as fast as itself, and not 1.00 times as fast', () => {
  assert.equal(asFastAs(1, 'sequential'), 'as fast as sequential');
  assert.equal(asFastAs(1.004, 'sequential'), 'as fast as sequential');
  assert.equal(asFastAs(9.54, 'sequential'), '9.54× as fast as sequential');
  assert.equal(asFastAs(0.97, 'sequential'), '0.97× as fast as sequential');
});

test('no figure reads NaN or Infinity, however odd the number', () => {
  const odd = [NaN, Infinity, -Infinity, 0, 5e-324, 1e-100, 1e21, 1.7e308];
  const shows = [duration, ratio, percent, exactPercent, mebibytes, number];
  const texts = odd.flatMap((value) => [
    ...shows.map((show) => show(value)),
    count(value, 'round'),
    asFastAs(value, 'it'),
    ...[durationWithSpread, durationWithPercent].flatMap((show) => [
      show({ median: value, mad: 1, samples: [1, 2] }),
      show({ median: 0, mad: value, samples: [1, 2] }),
    ]),
  ]);
  for (const text of texts) assert.doesNotMatch(text, /NaN|Infinity|∞/, text);
  assert.equal(duration(NaN), '–');
});
