// What is special about a stream: results keep the order, so they wait. shared-contract.test.ts has what is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamMap, type StreamMapOptions } from '../../src/approaches/stream-map.ts';
import { manyTurns, until } from '../turns.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Nine orders over three lanes: the first of them is slow, all others end as soon as they start. */
async function behindASlowOne(options: Partial<StreamMapOptions>) {
  const slow = Promise.withResolvers<void>();
  const started: number[] = [];
  const task = (input: number) => {
    started.push(input);
    return input === 0 ? slow.promise.then(() => input) : input;
  };
  const run = streamMap(numbers(9), task, { concurrency: 3, ...options });
  await until(() => started.length >= 5);
  await manyTurns();
  const before = started.length;
  slow.resolve();
  assert.deepEqual(await run, numbers(9));
  assert.deepEqual(started, numbers(9));
  return before;
}

test('a slow first one lets four more start, and nothing more until it ends', async () => {
  assert.equal(await behindASlowOne({}), 5);
});

test('with a larger highWaterMark all others start meanwhile', async () => {
  assert.equal(await behindASlowOne({ highWaterMark: 6 }), 9);
});

test('null and undefined are inputs and results like others', async () => {
  assert.deepEqual(await streamMap([null, undefined, 1], (input) => input, { concurrency: 2 }), [
    null,
    undefined,
    1,
  ]);
  assert.deepEqual(await streamMap([1, 2], () => null, { concurrency: 2 }), [null, null]);
});

test('after a failure it waits for the tasks that still run', async () => {
  const burnt = new Error('the order burnt');
  let ended = 0;
  const task = async (input: number) => {
    if (input === 2) throw burnt;
    await manyTurns();
    ended++;
  };
  await assert.rejects(streamMap(numbers(9), task, { concurrency: 3 }), burnt);
  assert.equal(ended, 2);
});

test('the iterator of the inputs is closed after a failure', async () => {
  let isClosed = false;
  function* orders() {
    try {
      for (let input = 0; ; input++) yield input;
    } finally {
      isClosed = true;
    }
  }
  const burnt = new Error('the order burnt');
  await assert.rejects(
    streamMap(orders(), () => Promise.reject(burnt), { concurrency: 2 }),
    burnt,
  );
  assert.equal(isClosed, true);
});

test('a number that is none is refused', async () => {
  const wrong: ReadonlyArray<readonly [options: StreamMapOptions, says: RegExp]> = [
    [{ concurrency: 0 }, /^concurrency: expected a positive integer, got 0$/],
    [{ concurrency: Infinity }, /got Infinity$/],
    [{ concurrency: 2, highWaterMark: -1 }, /^highWaterMark: expected an integer from 0 up, got -1$/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(
      streamMap([], () => {}, options),
      { name: 'TypeError', message },
    );
  }
});
