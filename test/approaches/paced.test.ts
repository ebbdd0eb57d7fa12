// The pace of `paced`, on a clock that jumps from timer to timer. shared-contract.test.ts has what it shares with others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paced, type PacedOptions } from '../../src/approaches/paced.ts';
import { until } from '../turns.ts';
import { jumpingClock } from './jumping-clock.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('starts have a time of their own each, one interval apart', async (t) => {
  const clock = jumpingClock(t);
  const startedAt: number[] = [];
  await clock.run(paced(numbers(6), () => void startedAt.push(clock.nowMs), { perSecond: 100 }));
  assert.deepEqual(startedAt, [0, 10, 20, 30, 40, 50]);
});

test('what a timer is late by is made up for, so that the rate is reached', async (t) => {
  const clock = jumpingClock(t, { lateMs: 2 });
  const startedAt: number[] = [];
  await clock.run(paced(numbers(101), () => void startedAt.push(clock.nowMs), { perSecond: 100 }));
  assert.equal(startedAt.at(-1), 1002);
});

test('what a long standstill held up is not made up for', async (t) => {
  const clock = jumpingClock(t);
  const startedAt: number[] = [];
  const task = (input: number) => {
    startedAt.push(clock.nowMs);
    if (input === 1) clock.standStill(500);
  };
  await clock.run(paced(numbers(5), task, { perSecond: 100 }));
  // The start that was due during the standstill comes at once. The next one is at most five milliseconds early.
  assert.deepEqual(startedAt, [0, 10, 510, 515, 525]);
});

test('the pool bounds it besides: where tasks end too late, they decide about the pace', async () => {
  const gates = numbers(4).map(() => Promise.withResolvers<void>());
  const started: number[] = [];
  const task = (input: number) => {
    started.push(input);
    return gates[input]!.promise;
  };
  const run = paced(numbers(4), task, { perSecond: Infinity, concurrency: 2 });
  await until(() => started.length === 2);
  gates[1]!.resolve();
  await until(() => started.length === 3);
  assert.deepEqual(started, [0, 1, 2]);
  for (const { resolve } of gates) resolve();
  await run;
});

test('an abort ends the wait for the next start', async () => {
  const guests = new AbortController();
  const left = new Error('the guests have left');
  const started: number[] = [];
  const run = paced(numbers(2), (input) => started.push(input), { perSecond: 1e-9, signal: guests.signal });
  await until(() => started.length === 1);
  guests.abort(left);
  await assert.rejects(run, left);
  assert.deepEqual(started, [0]);
});

test('an input is drawn when the one before it has started, so inputs may be endless', async () => {
  let drawn = 0;
  function* orders() {
    for (;;) yield drawn++;
  }
  const burnt = new Error('the order burnt');
  const task = (input: number) => {
    if (input === 3) throw burnt;
  };
  await assert.rejects(paced(orders(), task, { perSecond: Infinity }), burnt);
  assert.ok(drawn <= 5, `${drawn} drawn`);
});

test('a rate or a number that is none is refused', async () => {
  const wrong: ReadonlyArray<readonly [options: PacedOptions, says: RegExp]> = [
    [{ perSecond: 0 }, /^perSecond: expected a number above 0, got 0$/],
    [{ perSecond: NaN }, /got NaN$/],
    [{ perSecond: '5' as never }, /got '5'$/],
    [{ perSecond: 1, concurrency: 0 }, /^concurrency: expected a positive integer or Infinity, got 0$/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(
      paced([], () => {}, options),
      { name: 'TypeError', message },
    );
  }
});
