// A rate on a clock of numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, double, integer, property } from 'fast-check';
import { RateLimit } from '../../src/api/rate-limit.ts';

test('lets in the burst at once, and then one for each interval, on time to the last of very many', () => {
  const limit = new RateLimit({ perSecond: 3, burst: 5 });
  const start = 1.7e12;
  for (let count = 0; count < 5; count++) assert.equal(limit.enter(start), 0);
  assert.ok(Math.abs(limit.enter(start) - 1000 / 3) < 0.01);
  for (let count = 1; count <= 10_000; count++) {
    assert.ok(limit.enter(start + count * (1000 / 3) - 1) > 0, 'a millisecond too early');
    assert.equal(limit.enter(start + count * (1000 / 3)), 0);
  }
});

test('a refused request costs nothing, and a quiet time gives back the burst and no more', () => {
  const limit = new RateLimit({ perSecond: 10, burst: 2 });
  assert.deepEqual([limit.enter(0), limit.enter(0)], [0, 0]);
  for (let count = 0; count < 100; count++) assert.equal(limit.enter(50), 50);
  assert.equal(limit.enter(100), 0);
  assert.deepEqual([limit.enter(10_000), limit.enter(10_000), limit.enter(10_000)], [0, 0, 100]);
});

test('never lets in more than burst and rate allow, whenever requests come, and says exactly how long to wait', () => {
  check(
    property(
      integer({ min: 1, max: 50 }),
      integer({ min: 1, max: 5 }),
      array(double({ min: 0, max: 200, noNaN: true }), { maxLength: 60 }),
      (perSecond, burst, gaps) => {
        const limit = new RateLimit({ perSecond, burst });
        const entered: number[] = [];
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          const waitMs = limit.enter(at);
          if (waitMs === 0) entered.push(at);
          else assert.ok(waitMs > 0 && waitMs <= 1000 / perSecond + 1e-6);
        }
        for (const [first, from] of entered.entries()) {
          for (let last = first; last < entered.length; last++) {
            const allowed = burst + ((entered[last]! - from) * perSecond) / 1000;
            assert.ok(last - first + 1 <= allowed + 1e-6);
          }
        }
      },
    ),
  );
});
