// Median and spread, against plain definitions.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { assert as check, array, integer, property } from 'fast-check';
import {
  apart,
  chanceOf,
  farOffTrial,
  hidingTrials,
  median,
  spreadOf,
  spreadOverTrials,
  type Spread,
} from '../../src/measure/statistics.ts';

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
  const { median, mad, samples } = spreadOf([10, 11, 9, 10, 5000]);
  assert.deepEqual([median, mad, samples], [10, 1, [10, 11, 9, 10, 5000]]);
  assert.equal(spreadOf([7]).mad, 0);
});

test('a spread keeps the trials apart that its samples came from', () => {
  assert.deepEqual(spreadOverTrials([[1, 2, 9], [4]]), {
    median: 3,
    mad: 1.5,
    samples: [1, 2, 9, 4],
    trials: [2, 4],
  });
});

test('chance makes t as large as the tables of Student say', () => {
  // The 5 % points of the two-sided test, from any table.
  const table: ReadonlyArray<readonly [freedom: number, t: number]> = [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [7, 2.365],
    [30, 2.042],
  ];
  for (const [freedom, t] of table) {
    assert.ok(Math.abs(chanceOf(t, freedom) - 0.05) < 1e-4, `${freedom}: ${chanceOf(t, freedom)}`);
  }
  assert.ok(chanceOf(3, 2.5) < chanceOf(3, 2) && chanceOf(3, 2.5) > chanceOf(3, 3));
});

test('one trial, or two, are never apart from anything, however many samples they took', () => {
  const many = Array.from({ length: 100 }, (_, index) => 10 + index / 1e6);
  const slow = many.map((ms) => 100 * ms);
  assert.equal(apart(spreadOverTrials([many]), spreadOverTrials([slow])), false);
  assert.equal(apart(spreadOverTrials([many, many]), spreadOverTrials([slow, slow, slow])), false);
});

test('steady trials are apart, but not by less than anybody would notice', () => {
  assert.equal(apart(spreadOf([10, 10, 10]), spreadOf([11, 11, 11])), true);
  assert.equal(apart(spreadOf([11, 11, 11]), spreadOf([10, 10, 10])), true);
  assert.equal(apart(spreadOf([10, 10, 10]), spreadOf([10.05, 10.05, 10.05])), false);
  assert.equal(apart(spreadOf([0, 0, 0]), spreadOf([0, 0, 0])), false);
});

// Draws with a fixed seed: what is found here is the same on every machine.
const PAIRS = 600;
const SPREADS = [0.005, 0.02, 0.1, 0.2, 0.4];
let state = 1;
// A test that runs alone draws what it draws beside the others.
beforeEach(() => {
  state = 1;
});

/** The next number in [0, 1), by splitmix32: there are millions of draws, and each takes nanoseconds. */
function drawn(): number {
  state = (state + 0x9e3779b9) | 0;
  let hash = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

const normal = () => Math.sqrt(-2 * Math.log(1 - drawn())) * Math.cos(2 * Math.PI * drawn());

/** A time around 100, as machines spread it: `spread` is a part of it. */
const SHAPES: Readonly<Record<string, (spread: number) => number>> = {
  'a bell': (spread) => 100 * (1 + spread * normal()),
  'a long tail': (spread) => 100 * Math.exp(spread * normal()),
  'two modes': (spread) => 100 * (1 + (drawn() < 0.5 ? 2 * spread : 0) + 0.003 * normal()),
  'a second mode now and then': (spread) =>
    100 * (1 + (drawn() < 0.2 ? 2 * spread : 0) + 0.1 * spread * normal()),
};

// The squares of very small figures are 0. Once that made the degrees of freedom infinite, and a sum over them never ended.
test('whether two spreads are apart does not depend on the unit of their figures', () => {
  const times = [
    [[10, 11, 12], [20, 21, 22], true],
    [[10, 20, 30], [12, 22, 32], false],
    [[10, 10, 10], [20, 20, 21], true],
  ] as const;
  for (const unit of [5e-324, 1e-300, 1e-200, 1e-162, 1e-100, 1, 1e100, 1e200, 1e300]) {
    for (const [one, other, isApart] of times) {
      const inUnit = (figures: readonly number[]) => spreadOf(figures.map((figure) => figure * unit));
      assert.equal(
        apart(inUnit(one), inUnit(other)),
        isApart,
        `${one.join()} and ${other.join()} times ${unit}`,
      );
    }
  }
});

/** How many of all pairs of such spreads are called apart. */
const called = (of: (side: 1 | 2) => Spread): number =>
  Array.from({ length: PAIRS }, () => apart(of(1), of(2))).filter(Boolean).length;

for (const [shape, timeOf] of Object.entries(SHAPES)) {
  test(`equal things are called different in at most 5 % of draws, spread in ${shape}`, () => {
    for (const [one, other] of [
      [1, 1],
      [3, 3],
      [5, 5],
      [6, 6],
      [3, 6],
      [12, 12],
      [16, 16],
      [3, 16],
    ] as const) {
      for (const spread of SPREADS) {
        const of = (side: 1 | 2) =>
          spreadOf(Array.from({ length: side === 1 ? one : other }, () => timeOf(spread)));
        const found = called(of);
        assert.ok(found <= 0.05 * PAIRS, `${found} of ${PAIRS}: ${one} against ${other}, ${spread}`);
      }
    }
  });
}

test('samples of one process resemble each other, and are not taken for more evidence than it is', () => {
  for (const samples of [2, 10]) {
    const of = () =>
      spreadOverTrials(
        Array.from({ length: 3 }, () => {
          const ofProcess = 100 * (1 + 0.02 * normal());
          return Array.from({ length: samples }, () => ofProcess + 0.2 * normal());
        }),
      );
    assert.ok(called(of) <= 0.05 * PAIRS);
  }
});

test('a true difference of 20 % is found where the spread is small', () => {
  for (const [trials, spread] of [
    [3, 0.02],
    [6, 0.05],
    [16, 0.1],
  ] as const) {
    const of = (side: 1 | 2) =>
      spreadOf(Array.from({ length: trials }, () => (side === 1 ? 1 : 1.2) * 100 * (1 + spread * normal())));
    assert.ok(called(of) >= 0.95 * PAIRS, `${called(of)} of ${PAIRS} with ${trials} trials`);
  }
});

test('from six trials on, one that is far off hides no difference', () => {
  const fast = [91, 92, 91.5, 92.5, 90.5];
  const slow = [162, 163, 161, 162.5, 161.5, 162];
  for (const farOff of [20, 180, 300, 9000]) {
    assert.equal(apart(spreadOf([...fast, farOff]), spreadOf(slow)), true, `${farOff}`);
    assert.equal(
      apart(spreadOf([...fast.slice(0, 2), farOff]), spreadOf(slow.slice(0, 3))),
      false,
      `${farOff}`,
    );
  }
});

test('a trial is far off if the others lie near each other and far from it', () => {
  assert.deepEqual(farOffTrial(spreadOf([91, 300, 92])), { value: 300, others: [91, 92] });
  assert.deepEqual(farOffTrial(spreadOf([20, 91, 92, 92])), { value: 20, others: [91, 92, 92] });
  assert.equal(farOffTrial(spreadOf([91, 92, 94])), undefined, 'the others are not nearer than 2 %');
  assert.equal(farOffTrial(spreadOf([50, 100, 150])), undefined);
  assert.equal(farOffTrial(spreadOf([91, 92, 300, 310])), undefined, 'two modes');
  assert.equal(farOffTrial(spreadOf([91, 300])), undefined, 'nobody knows which of two it is');
});

test('a far-off trial is named only where nothing else keeps two spreads from being apart', () => {
  const fast = spreadOf([91, 92, 300]);
  const slow = spreadOf([162, 162, 163]);
  assert.deepEqual(hidingTrials(fast, slow), [{ value: 300, others: [91, 92], of: fast }]);
  assert.deepEqual(hidingTrials(slow, fast), [{ value: 300, others: [91, 92], of: fast }]);
  assert.deepEqual(
    hidingTrials(fast, spreadOf([162, 400, 163])).map(({ value }) => value),
    [300, 400],
  );
  assert.deepEqual(hidingTrials(fast, spreadOf([91, 92, 93])), [], 'they are equal without it too');
  assert.deepEqual(hidingTrials(spreadOf([91, 92, 93]), slow), [], 'they are apart');
  assert.deepEqual(hidingTrials(fast, spreadOf([162])), [], 'too few trials');
});
