// Median and spread, against plain definitions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, integer, property } from 'fast-check';
import { chance } from '../../src/api/random.ts';
import { apart, median, spreadOf } from '../../src/measure/statistics.ts';

test('the median of an odd number of values is the middle one, of an even number the mean of both', () => {
  assert.equal(median([5, 1, 100]), 5);
  assert.equal(median([100, 1, 5, 7]), 6);
  assert.equal(median([10, 9, 100]), 10, 'numbers are sorted as numbers');
});

test('no value has no median', () => {
  assert.throws(() => median([]), new RangeError('median: expected at least one value, got none'));
  assert.throws(() => spreadOf([]), RangeError);
});

test('as many values lie above the median as below it, and the input is left as it was', () => {
  check(
    property(array(integer(), { minLength: 1 }), (values) => {
      const given = [...values];
      const center = median(values);
      assert.deepEqual(values, given);
      assert.ok(values.filter((value) => value < center).length <= values.length / 2);
      assert.ok(values.filter((value) => value > center).length <= values.length / 2);
    }),
  );
});

test('one outlier moves neither median nor spread', () => {
  assert.deepEqual(spreadOf([10, 11, 9, 10, 5000]), { median: 10, mad: 1, samples: [10, 11, 9, 10, 5000] });
  assert.equal(spreadOf([7]).mad, 0);
});

test('spreads are apart when twice their deviations do not touch', () => {
  const spread = (median: number, mad: number) => ({ median, mad, samples: [] });
  assert.equal(apart(spread(10, 1), spread(15, 1)), true);
  assert.equal(apart(spread(10, 1), spread(14, 1)), false);
  assert.equal(apart(spread(14, 1), spread(10, 1)), false);
  assert.equal(apart(spread(10, 0), spread(10, 0)), false);
});

/** A sample of a normal distribution around 100. */
const sampleOf = (deviation: number, ...keys: number[]) =>
  100 +
  deviation *
    Math.sqrt(-2 * Math.log(1 - chance(1, 'radius', ...keys))) *
    Math.cos(2 * Math.PI * chance(1, 'angle', ...keys));

test('of a thousand pairs that differ by chance alone at most one in twenty is called apart', () => {
  const spreadLike = (pair: number, side: number, count: number) =>
    spreadOf(Array.from({ length: count }, (_, index) => sampleOf(5, pair, side, index)));
  for (const count of [1, 2, 3, 4, 5, 6, 9, 15]) {
    const called = Array.from({ length: 1000 }, (_, pair) =>
      apart(spreadLike(pair, 1, count), spreadLike(pair, 2, count)),
    ).filter(Boolean).length;
    assert.ok(called <= 50, `${called} of 1000 with ${count} samples`);
  }
});
