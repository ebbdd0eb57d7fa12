import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { axisEnd, axisLine, ticks } from '../../src/report/axis.ts';
import { roundDuration } from '../../src/report/units.ts';

test('ticks are round and start at 0', () => {
  assert.deepEqual(ticks(100), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticks(1390), [0, 500, 1000]);
  assert.deepEqual(ticks(0.035), [0, 0.01, 0.02, 0.03]);
  assert.deepEqual(ticks(0), [0]);
});

test('an axis of any length has 2 to 7 ticks, evenly apart, none beyond its end', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (max) => {
      const marks = ticks(max);
      assert.ok(marks.length >= 2 && marks.length <= 7, String(marks));
      assert.ok(marks.at(-1)! <= max * (1 + 1e-8));
      const step = marks[1]!;
      for (const [index, mark] of marks.entries()) assert.ok(Math.abs(mark - index * step) <= step * 1e-6);
    }),
  );
});

test('an axis of no length, or of less than a number can divide, has one tick', () => {
  for (const max of [0, NaN, -1, 5e-324]) assert.deepEqual(ticks(max), [0], String(max));
  assert.ok(Number.isFinite(axisEnd(Number.MAX_VALUE)));
  assert.equal(axisEnd(0), 1);
});

test('as text each label begins at the place of its tick, and none runs over the end', () => {
  assert.equal(axisLine(100, 30, roundDuration), '0 ms           50 ms');
  assert.equal(axisLine(100, 50, roundDuration), '0 ms      20 ms     40 ms     60 ms     80 ms');
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
      fc.integer({ min: 8, max: 200 }),
      (ms, cells) => {
        assert.ok(axisLine(ms, cells, roundDuration).length <= cells);
      },
    ),
  );
});
