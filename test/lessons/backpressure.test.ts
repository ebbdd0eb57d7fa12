// The queue of lesson 18 as one would copy it: what the lesson's own run does not show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedQueue } from '../../lessons/18-backpressure.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { manyTurns } from '../turns.ts';

/** What became of a promise so far. */
function watched<Value>(promise: Promise<Value>) {
  const seen: { value?: Value } = {};
  void promise.then((value) => {
    seen.value = value;
  });
  return seen;
}

test('put waits for a place, and each item taken lets in one of those who wait, in their order', async () => {
  const queue = new BoundedQueue<number>(2);
  const puts = [1, 2, 3, 4].map((item) => watched(queue.put(item)));
  await manyTurns();
  assert.deepEqual(
    puts.map(({ value }) => value),
    [true, true, undefined, undefined],
  );
  const items = queue[Symbol.asyncIterator]();
  assert.deepEqual(await items.next(), { done: false, value: 1 });
  await manyTurns();
  assert.deepEqual(
    puts.map(({ value }) => value),
    [true, true, true, undefined],
  );
  for (const value of [2, 3, 4]) assert.deepEqual(await items.next(), { done: false, value });
});

test('a consumer gets what was put before the queue was closed, and then its end', async () => {
  const queue = new BoundedQueue<number>(2);
  await queue.put(1);
  await queue.put(2);
  queue.close();
  assert.deepEqual(await Array.fromAsync(queue), [1, 2]);
  assert.equal(await queue.put(3), false);
});

test('a consumer that waits hears of the end, and of an error, even of one that is undefined', async () => {
  for (const end of [{ error: new Error('the paper is wet') }, { error: undefined }]) {
    const queue = new BoundedQueue<number>(1);
    const next = queue[Symbol.asyncIterator]().next();
    queue.close(end);
    await assert.rejects(next, (error) => error === end.error);
  }
});

test('who waits in put hears that the consumer has left, and what waits is dropped', async () => {
  const queue = new BoundedQueue<number>(1);
  await queue.put(1);
  // The place of the first item goes to the second. The third waits on.
  const waiting = [queue.put(2), queue.put(3)];
  for await (const item of queue) {
    assert.equal(item, 1);
    break;
  }
  assert.deepEqual(await Promise.all(waiting), [true, false]);
  assert.deepEqual(await Array.fromAsync(queue), []);
});

test('of two lanes that wait, one item serves one', async () => {
  const queue = new BoundedQueue<number>(1);
  const items = queue[Symbol.asyncIterator]();
  const lanes = [watched(items.next()), watched(items.next())];
  await queue.put(1);
  await manyTurns();
  assert.deepEqual(
    lanes.map(({ value }) => value),
    [{ done: false, value: 1 }, undefined],
  );
});

test('a consumer can leave while it waits for an item', async () => {
  const queue = new BoundedQueue<number>(1);
  const items = queue[Symbol.asyncIterator]();
  const next = items.next();
  await items.return!();
  assert.deepEqual(await next, { done: true, value: undefined });
});

test('three producers and four lanes: each item arrives once, and never more wait than there are places', async () => {
  const queue = new BoundedQueue<number>(3);
  let put = 0;
  let taken = 0;
  let most = 0;
  const produce = async (items: readonly number[]) => {
    for (const item of items) {
      await queue.put(item);
      most = Math.max(most, ++put - taken);
    }
  };
  const parts = [0, 1, 2].map((part) => Array.from({ length: 20 }, (_, index) => part * 20 + index));
  const results = boundedPool(
    queue,
    async (item) => {
      taken++;
      await manyTurns();
      return item;
    },
    { concurrency: 4 },
  );
  await Promise.all(parts.map(produce));
  queue.close();
  assert.deepEqual(
    (await results).toSorted((one, other) => one - other),
    parts.flat(),
  );
  assert.ok(most <= 3 + 1, `${most} were put and not taken`);
});
