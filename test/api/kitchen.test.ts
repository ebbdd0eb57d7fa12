// A kitchen with stoves, a queue and a rate, on a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now } from '../../src/api/clock.ts';
import type { Conditions } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Kitchen, type Outcome } from '../../src/api/kitchen.ts';
import { clock } from './clock.ts';

const { signal: never } = new AbortController();

interface Entry {
  readonly order: number;
  readonly outcome: Outcome;
  readonly afterMs: number;
}

const byOrder = (log: readonly Entry[]) =>
  log.toSorted((a, b) => a.order - b.order).map(({ order, outcome }) => [order, outcome]);

function kitchenWith(conditions: Pick<Conditions, 'stoves' | 'rate'>) {
  const counters = new Counters();
  const kitchen = new Kitchen({ conditions, counters });
  const startMs = now();
  const log: Entry[] = [];
  const cook = (order: number, latencyMs: number, signal = never) => {
    void kitchen.cook(latencyMs, signal).then((outcome) => {
      if (outcome === 'cooked') counters.end('completed');
      log.push({ order, outcome, afterMs: now() - startMs });
    });
  };
  return { counters, cook, log };
}

test('four stoves cook twenty orders of 10 ms in 50 ms, in the order of arrival, and lose no time between two', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ stoves: { count: 4 } });
  for (let order = 0; order < 20; order++) cook(order, 10);
  await time.goOn(60);
  assert.deepEqual(
    log.map(({ order }) => order),
    Array.from({ length: 20 }, (_, order) => order),
  );
  for (const { order, afterMs } of log) {
    const dueMs = 10 * (1 + Math.floor(order / 4));
    // A step of the clock for each answer that is handed out together with others.
    assert.ok(afterMs >= dueMs && afterMs <= dueMs + 0.5, `order ${order} after ${afterMs} ms`);
  }
  const { queued, longestQueue, queueMs, refused, completed } = counters.read();
  assert.deepEqual(
    { queued, longestQueue, refused, completed },
    { queued: 16, longestQueue: 16, refused: 0, completed: 20 },
  );
  assert.equal(queueMs, 4 * (10 + 20 + 30 + 40));
});

test('a stove is handed on from the time at which its order was due, also after a thousand of them', async (t) => {
  const time = clock(t);
  const { cook, log } = kitchenWith({ stoves: { count: 1 } });
  // Not a multiple of the clock's steps, so that each order is answered a little late.
  for (let order = 0; order < 1000; order++) cook(order, 1.1);
  await time.goOn(1101);
  assert.equal(log.length, 1000);
});

test('who finds the queue full is refused at once, with 503 and the time of an order', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ stoves: { count: 1, queue: 1 } });
  for (const order of [1, 2, 3]) cook(order, 2500);
  await time.goOn(1);
  assert.deepEqual(
    log.map(({ order, outcome }) => ({ order, outcome })),
    [{ order: 3, outcome: { status: 503, retryAfterMs: 2500 } }],
  );
  const { started, completed, refused, inFlight } = counters.read();
  assert.deepEqual(
    { started, completed, refused, inFlight },
    { started: 3, completed: 1, refused: 1, inFlight: 2 },
  );
});

test('a client that leaves the queue frees its place, and one that leaves a stove frees the stove', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ stoves: { count: 1, queue: 2 } });
  const [cooking, waiting] = [new AbortController(), new AbortController()];
  cook(1, 100, cooking.signal);
  cook(2, 100, waiting.signal);
  cook(3, 100);
  await time.goOn(10);
  waiting.abort();
  await time.goOn(1);
  cook(4, 100);
  await time.goOn(1);
  assert.deepEqual(
    log.map(({ order, outcome }) => [order, outcome]),
    [[2, 'left']],
  );
  cooking.abort();
  await time.goOn(101);
  assert.deepEqual(
    log.map(({ order, outcome }) => [order, outcome]),
    [
      [2, 'left'],
      [1, 'left'],
      [3, 'cooked'],
    ],
  );
  await time.goOn(100);
  assert.deepEqual([log.at(-1)!.order, log.at(-1)!.outcome], [4, 'cooked']);
  const { aborted, completed, inFlight, queued } = counters.read();
  assert.deepEqual(
    { aborted, completed, inFlight, queued },
    { aborted: 2, completed: 2, inFlight: 0, queued: 3 },
  );
  assert.equal(time.pending(), 0, 'nothing is waited for any more');
});

test('a client that leaves at the moment in which it gets a stove gives it to the next', async (t) => {
  const time = clock(t);
  const { cook, log } = kitchenWith({ stoves: { count: 1 } });
  const [first, second] = [new AbortController(), new AbortController()];
  cook(1, 100, first.signal);
  cook(2, 100, second.signal);
  cook(3, 10);
  await time.goOn(1);
  first.abort();
  second.abort();
  await time.goOn(11);
  assert.deepEqual(byOrder(log), [
    [1, 'left'],
    [2, 'left'],
    [3, 'cooked'],
  ]);
});

test('a rate lets in its burst and then one for each interval; the others are refused before they need a stove', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ rate: { perSecond: 100, burst: 2 }, stoves: { count: 1 } });
  for (const order of [1, 2, 3, 4]) cook(order, 1);
  await time.goOn(10);
  cook(5, 1);
  cook(6, 1);
  await time.goOn(10);
  const refused = { status: 429, retryAfterMs: 10 };
  assert.deepEqual(byOrder(log), [
    [1, 'cooked'],
    [2, 'cooked'],
    [3, refused],
    [4, refused],
    [5, 'cooked'],
    [6, refused],
  ]);
  assert.equal(counters.read().refused, 3);
});

test('who counts anew finds a full burst: what came before has left nothing behind', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ rate: { perSecond: 0.001, burst: 2 } });
  for (const order of [1, 2, 3]) cook(order, 1);
  await time.goOn(2);
  counters.reset();
  for (const order of [4, 5, 6]) cook(order, 1);
  await time.goOn(2);
  assert.deepEqual(
    byOrder(log).map(([, outcome]) => outcome === 'cooked'),
    [true, true, false, true, true, false],
  );
  assert.equal(counters.read().refused, 1);
});

test('who arrives between the time at which a stove was due and the turn in which it is free starts no earlier than it came', async (t) => {
  const time = clock(t);
  const { counters, cook, log } = kitchenWith({ stoves: { count: 1 } });
  setTimeout(() => cook(2, 0.8), 1.25);
  cook(1, 1.1);
  await time.goOn(5);
  assert.deepEqual(byOrder(log), [
    [1, 'cooked'],
    [2, 'cooked'],
  ]);
  assert.ok(log[1]!.afterMs >= 1.25 + 0.8, `${log[1]!.afterMs} ms`);
  assert.deepEqual([counters.read().queued, counters.read().queueMs], [1, 0]);
});
