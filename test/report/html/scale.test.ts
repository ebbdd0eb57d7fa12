import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { place, ticks } from '../../../src/report/html/scale.ts';

test('a place is a percentage of the axis', () => {
  assert.equal(place(25, 200), '12.5%');
  assert.equal(place(0, 0), '0%');
});

test('ticks are round and start at 0', () => {
  assert.deepEqual(ticks(100), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticks(1390), [0, 500, 1000]);
  assert.deepEqual(ticks(0.035), [0, 0.01, 0.02, 0.03]);
  assert.deepEqual(ticks(0), [0]);
});

test('an axis of any length has 2 to 7 ticks, evenly apart, none beyond its end', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
      const marks = ticks(max);
      assert.ok(marks.length >= 2 && marks.length <= 7, String(marks));
      assert.ok(marks.at(-1)! <= max * (1 + 1e-8));
      const step = marks[1]!;
      for (const [index, mark] of marks.entries()) assert.ok(Math.abs(mark - index * step) <= step * 1e-6);
    }),
  );
});
