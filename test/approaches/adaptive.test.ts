// How `adaptive` finds its size: against services that are some lines of code, on a clock that jumps from timer to timer.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { adaptive, aimd, gradient, refusalOf, type AdaptiveOptions } from '../../src/approaches/adaptive.ts';
import { manyTurns } from '../turns.ts';
import { jumpingClock } from './jumping-clock.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const refusal = (waitMs?: number) =>
  Object.assign(new Error('too many requests'), {
    status: 429,
    headers: waitMs === undefined ? {} : { 'retry-after-ms': String(waitMs) },
  });

/** A service with so many places, each taken for 20 ms, and a queue of such a length. What it saw is counted. */
function service({ places, queue }: { readonly places: number; readonly queue: number }) {
  const waiting: Array<() => void> = [];
  const seen = { busy: 0, inFlight: 0, peak: 0, served: 0, refused: 0, longestQueue: 0, latestPeak: 0 };
  const task = async (input: number): Promise<number> => {
    if (seen.busy >= places && waiting.length >= queue) {
      seen.refused++;
      throw refusal(20);
    }
    seen.inFlight++;
    seen.peak = Math.max(seen.peak, seen.inFlight);
    if (seen.busy >= places) {
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      seen.longestQueue = Math.max(seen.longestQueue, waiting.length);
      await turn.promise;
    }
    seen.busy++;
    await sleep(20);
    seen.busy--;
    waiting.shift()?.();
    seen.inFlight--;
    seen.served++;
    return input;
  };
  return { seen, task };
}

const run = async (t: TestContext, count: number, limits: Parameters<typeof service>[0], rule = aimd) => {
  const clock = jumpingClock(t);
  const { seen, task } = service(limits);
  const results = await clock.run(adaptive(numbers(count), task, { rule }));
  assert.deepEqual(results, numbers(count));
  return { ...seen, tookMs: clock.nowMs };
};

for (const [name, rule] of Object.entries({ aimd, gradient })) {
  describe(name, () => {
    test('serves all from 8 places without a queue, in at most 1.7 times the shortest time', async (t) => {
      const { served, tookMs, refused, peak } = await run(t, 400, { places: 8, queue: 0 }, rule);
      assert.deepEqual({ served, peak }, { served: 400, peak: 8 });
      assert.ok(tookMs <= (400 / 8) * 20 * 1.7, `${tookMs} ms`);
      assert.ok(refused > 0 && refused < 200, `${refused} refused`);
    });

    test('sees by the latency alone that a queue without an end grows: it stays short', async (t) => {
      const { refused, tookMs, longestQueue } = await run(t, 400, { places: 8, queue: Infinity }, rule);
      assert.equal(refused, 0);
      assert.ok(tookMs <= (400 / 8) * 20 * 1.2, `${tookMs} ms`);
      assert.ok(longestQueue <= 24, `${longestQueue} waited`);
    });

    test('takes all there is where nothing limits', async (t) => {
      const { peak, refused } = await run(t, 400, { places: Infinity, queue: 0 }, rule);
      assert.equal(refused, 0);
      assert.ok(peak > 32, `${peak} in flight`);
    });
  });
}

test('begins with one, and doubles from round to round until there is trouble', async () => {
  const gates: Array<() => void> = [];
  const task = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.push(resolve);
    return promise;
  };
  const limits: number[] = [];
  const rule: AdaptiveOptions<void>['rule'] = (round) => {
    limits.push(round.limit);
    return aimd({ ...round, tookMs: 1, quickestMs: 1 });
  };
  const running = adaptive(numbers(7), task, { rule });
  const started: number[] = [];
  for (let open = 0; open < 7;) {
    await manyTurns();
    started.push(gates.length - open);
    while (open < gates.length) gates[open++]!();
  }
  await running;
  assert.deepEqual({ started, limits }, { started: [1, 2, 4], limits: [1, 2, 4] });
});

test('the rules: more after a round without trouble, less after a slow one', () => {
  const round = { limit: 16, tookMs: 20, quickestMs: 20, hadTrouble: true };
  assert.equal(aimd(round), 17);
  assert.equal(aimd({ ...round, hadTrouble: false }), 32);
  assert.equal(aimd({ ...round, tookMs: 41 }), 8);
  assert.equal(gradient(round), 20);
  assert.equal(gradient({ ...round, tookMs: 30 }), 20);
  assert.equal(gradient({ ...round, tookMs: 40 }), 16);
  assert.equal(gradient({ ...round, tookMs: 4000 }), 12);
});

test('a refused input comes before new ones, and nothing starts before the time that the service asked for', async (t) => {
  const clock = jumpingClock(t);
  const calls: Array<readonly [input: number, atMs: number]> = [];
  const task = async (input: number) => {
    calls.push([input, clock.nowMs]);
    if (calls.length === 2) throw refusal(700);
    return input;
  };
  assert.deepEqual(await clock.run(adaptive(numbers(3), task, { most: 1 })), [0, 1, 2]);
  assert.deepEqual(calls, [
    [0, 0],
    [1, 0],
    [1, 700],
    [2, 700],
  ]);
});

test('the refusals of one burst are one sign: the limit is halved once', async (t) => {
  const clock = jumpingClock(t);
  const startsAt = new Map<number, number>();
  let calls = 0;
  const task = async () => {
    startsAt.set(clock.nowMs, (startsAt.get(clock.nowMs) ?? 0) + 1);
    // One, two, four and eight at once. Of the eight, the first six are refused.
    const isRefused = ++calls > 7 && calls <= 13;
    await sleep(20);
    if (isRefused) throw refusal(20);
  };
  await clock.run(adaptive(numbers(20), task));
  assert.deepEqual([...startsAt].slice(0, 5), [
    [0, 1],
    [20, 2],
    [40, 4],
    [60, 8],
    [100, 4],
  ]);
});

test('an input that is refused too often ends the run with that refusal', async (t) => {
  const clock = jumpingClock(t);
  const last = refusal(5);
  let calls = 0;
  const task = async () => {
    calls++;
    throw last;
  };
  await assert.rejects(clock.run(adaptive(numbers(3), task, { attempts: 4 })), last);
  assert.equal(calls, 4);
});

test('what is no refusal ends the run at once', async () => {
  const burnt = Object.assign(new Error('the order burnt'), { status: 500 });
  let calls = 0;
  await assert.rejects(
    adaptive(numbers(3), () => {
      calls++;
      throw burnt;
    }),
    burnt,
  );
  assert.equal(calls, 1);
});

test('a value can be a refusal too, and after the last attempt it is the result', async () => {
  const task = async (input: number) => (input === 1 ? 'refused' : 'served');
  const refusal = (outcome: PromiseSettledResult<string>) =>
    outcome.status === 'fulfilled' && outcome.value === 'refused' ? 0 : undefined;
  assert.deepEqual(await adaptive(numbers(3), task, { refusal, attempts: 3 }), [
    'served',
    'refused',
    'served',
  ]);
});

test('an error of `refusal` or of `rule` ends the run', async () => {
  const wrong = new Error('a mistake in the rule');
  const fail = () => {
    throw wrong;
  };
  await assert.rejects(
    adaptive([1], () => 1, { rule: fail }),
    wrong,
  );
  await assert.rejects(
    adaptive([1], () => 1, { refusal: fail }),
    wrong,
  );
});

test('refusalOf reads 429 and 503, and how long the service asks for', () => {
  const of = (reason: unknown) => refusalOf({ status: 'rejected', reason });
  const after = (fields: Record<string, string>) => ({ status: 503, headers: fields });
  assert.equal(refusalOf({ status: 'fulfilled', value: { status: 429 } }), undefined);
  for (const reason of [undefined, null, 'busy', new Error('busy'), { status: 500 }])
    assert.equal(of(reason), undefined);
  assert.equal(of({ status: 429 }), 100);
  assert.equal(of({ statusCode: 503 }), 100);
  assert.equal(of(after({ 'retry-after': '3' })), 3000);
  assert.equal(of(after({ 'retry-after': '3', 'retry-after-ms': '12' })), 12);
  assert.equal(of({ status: 429, headers: new Headers({ 'Retry-After': '2' }) }), 2000);
  assert.equal(of(after({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' })), 100);
});

test('a number that is none is refused', async () => {
  await assert.rejects(
    adaptive([], () => {}, { most: 0 }),
    { name: 'TypeError', message: /^most: expected a positive integer or Infinity, got 0$/ },
  );
  await assert.rejects(
    adaptive([], () => {}, { attempts: 1.5 }),
    { name: 'TypeError', message: /^attempts: expected .* got 1\.5$/ },
  );
});
