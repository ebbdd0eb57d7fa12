// The options that limit an API, as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, double, integer, option, property } from 'fast-check';
import { checkLimits, parseRate, parseStoves, rateText, stovesText } from '../../src/api/limits.ts';

test('stoves are read with or without a queue, and what is printed of them is read again', () => {
  assert.deepEqual(parseStoves('8'), { count: 8 });
  assert.deepEqual(parseStoves('8,40'), { count: 8, queue: 40 });
  assert.deepEqual(parseStoves('1,0'), { count: 1, queue: 0 });
  check(
    property(integer({ min: 1, max: 1e6 }), option(integer({ min: 0, max: 1e6 })), (count, queue) => {
      const stoves = queue === null ? { count } : { count, queue };
      assert.deepEqual(parseStoves(stovesText(stoves)), stoves);
    }),
  );
  for (const text of ['', '0', '-1', '1.5', '8,', ',40', '8,-1', '8,4,2', 'eight', '1e3', '1000001', ' 8']) {
    assert.throws(() => parseStoves(text), {
      name: 'RangeError',
      message: `Expected STOVES or STOVES,QUEUE, whole numbers such as 8 or 8,40, got ${JSON.stringify(text)}.`,
    });
  }
});

test('a rate is read with or without a burst, and what is printed of it is read again', () => {
  assert.deepEqual(parseRate('100,1'), { perSecond: 100, burst: 1 });
  assert.deepEqual(parseRate('100'), { perSecond: 100, burst: 10 });
  assert.deepEqual(parseRate('0.5'), { perSecond: 0.5, burst: 1 });
  check(
    property(
      double({ min: 1e-9, max: 1e6, noNaN: true }),
      integer({ min: 1, max: 1e6 }),
      (perSecond, burst) => {
        assert.deepEqual(parseRate(rateText({ perSecond, burst })), { perSecond, burst });
      },
    ),
  );
  for (const text of [
    '',
    '0',
    '-1',
    '100,',
    '100,0',
    '100,1.5',
    '1,2,3',
    'many',
    'Infinity',
    '2000000',
    '1e9',
  ]) {
    assert.throws(
      () => parseRate(text),
      { name: 'RangeError', message: /^Expected RATE or RATE,BURST, / },
      text,
    );
  }
});

test('numbers that a program passes are checked too', () => {
  checkLimits({});
  checkLimits({ stoves: { count: 8 }, rate: { perSecond: 100, burst: 1 } });
  for (const limits of [
    { stoves: { count: 0 } },
    { stoves: { count: NaN } },
    { stoves: { count: 1, queue: -1 } },
    { rate: { perSecond: 0, burst: 1 } },
    { rate: { perSecond: Infinity, burst: 1 } },
    { rate: { perSecond: 1, burst: 0.5 } },
  ]) {
    assert.throws(() => checkLimits(limits), { name: 'RangeError' }, JSON.stringify(limits));
  }
});
