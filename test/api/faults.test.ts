// Which rates `--faults` takes: whatever JavaScript prints for one, so that what we print can be typed in again.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, double, property } from 'fast-check';
import { Counters } from '../../src/api/counters.ts';
import { Attempts, faultOf, parseFaults } from '../../src/api/faults.ts';

describe('parseFaults', () => {
  test('reads every rate that JavaScript prints, and no other number', () => {
    check(
      property(double({ min: 0, max: 1, noNaN: true }), (rate) => {
        assert.deepEqual(parseFaults(`503:${Math.abs(rate)}`), { '503': Math.abs(rate) });
      }),
    );
    assert.deepEqual(parseFaults('503:1e-7,reset:.5,stall:0.25,drip:0'), {
      '503': 1e-7,
      reset: 0.5,
      stall: 0.25,
      drip: 0,
    });
    for (const rate of [
      '',
      '-0.1',
      '1.1',
      '2',
      '1e1',
      'NaN',
      'Infinity',
      '0x1',
      '.',
      '0.1.2',
      ' 0.1',
      '0,1',
      '1e',
    ]) {
      assert.throws(() => parseFaults(`503:${rate}`), { name: 'RangeError' }, rate);
    }
  });

  test('adds the rates of a fault that is named twice, and refuses more than 1 together', () => {
    assert.deepEqual(parseFaults('503:0.25,503:0.5'), { '503': 0.75 });
    assert.deepEqual(Object.keys(parseFaults(Array(10).fill('503:0.1').join())), ['503']);
    assert.deepEqual(Object.keys(parseFaults('503:0.7,reset:0.1,stall:0.2')), ['503', 'reset', 'stall']);
    assert.throws(() => parseFaults('503:0.7,reset:0.4'), {
      message: 'Expected rates of together at most 1, got 1.1.',
    });
    assert.throws(() => parseFaults('503:0.6,503:0.6'), /together at most 1, got 1\.2/);
  });

  test('names the part that is wrong, and what would be right', () => {
    for (const part of ['504:0.1', '503', '503:0.1:2', '', 'toString:0.1', '__proto__:0.1']) {
      assert.throws(
        () => parseFaults(`500:0.1,${part}`),
        (error: Error) => error.message.includes(`got ${JSON.stringify(part)}; names: 429, 500, 503, reset`),
      );
    }
  });
});

test('faults hit the part of all requests that their rates say, and the same ones in every run', () => {
  const hits = (seed: number) =>
    Array.from({ length: 10_000 }, (_, id) => faultOf({ '503': 0.2, reset: 0.1 }, seed, id, 0));
  const first = hits(1);
  assert.deepEqual(hits(1), first);
  assert.notDeepEqual(hits(2), first);
  const count = (name: string) => first.filter((hit) => hit === name).length;
  assert.ok(Math.abs(count('503') - 2000) < 200 && Math.abs(count('reset') - 1000) < 150);
});

test('attempts count each order by itself, and start anew when the counters do', () => {
  const counters = new Counters();
  const attempts = new Attempts(counters);
  assert.deepEqual([attempts.next(1), attempts.next(1), attempts.next(2)], [0, 1, 0]);
  counters.reset();
  assert.deepEqual([attempts.next(1), attempts.next(2)], [0, 0]);
});
