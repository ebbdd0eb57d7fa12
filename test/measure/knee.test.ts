import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf, type Throughput } from '../../src/measure/knee.ts';
import { spreadOf } from '../../src/measure/statistics.ts';

/** A curve by the throughputs at C = 1, 2, 4, 8 …; each is measured three times, `noise` apart. */
const curve = (perS: readonly number[], noise = 0.01): Throughput[] =>
  perS.map((value, index) => ({
    concurrency: 2 ** index,
    throughput: spreadOf([value * (1 - noise), value, value * (1 + noise)]),
  }));

test('the knee is the smallest C that gives nine tenths of the best throughput', () => {
  assert.deepEqual(kneeOf(curve([10, 20, 40, 80, 82, 81]), false), { what: 'found', concurrency: 8 });
  assert.deepEqual(kneeOf(curve([10, 20, 40, 80, 100, 101]), false), { what: 'found', concurrency: 16 });
  // Beyond the knee the far side may even get worse.
  assert.deepEqual(kneeOf(curve([10, 20, 40, 30, 10]), false), { what: 'found', concurrency: 4 });
});

test('where more at once gains nothing, the knee is one at a time', () => {
  assert.deepEqual(kneeOf(curve([50, 50, 49]), false), { what: 'found', concurrency: 1 });
});

test('a curve that still grows where it was cut has no knee; one that ended by itself has', () => {
  assert.deepEqual(kneeOf(curve([10, 20, 40]), true), { what: 'beyond' });
  assert.deepEqual(kneeOf(curve([10, 20, 40]), false), { what: 'found', concurrency: 4 });
  assert.deepEqual(kneeOf(curve([10, 20, 20.5]), true), { what: 'found', concurrency: 2 });
});

test('noise and too few trials forbid a knee', () => {
  assert.deepEqual(kneeOf(curve([10, 12, 14, 16], 0.5), false), { what: 'noise' });
  const once = [{ concurrency: 1, throughput: spreadOf([10]) }];
  assert.deepEqual(kneeOf(once, false), { what: 'too few trials' });
  assert.deepEqual(kneeOf([], false), { what: 'too few trials' });
});
