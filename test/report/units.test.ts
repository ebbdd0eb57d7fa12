import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, duration, durationWithSpread, mebibytes, percent, ratio } from '../../src/report/units.ts';

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
