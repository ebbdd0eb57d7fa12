// The counters, also when several threads count into the same memory.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Counters } from '../../src/api/counters.ts';

const NO_QUEUE = { refused: 0, queued: 0, longestQueue: 0, queueMs: 0 };

test('count what started, ended and how, and the most that were in flight', () => {
  const counters = new Counters();
  for (let count = 0; count < 3; count++) counters.start();
  counters.end('completed');
  counters.end('aborted');
  counters.start();
  assert.deepEqual(counters.read(), {
    started: 4,
    completed: 1,
    aborted: 1,
    inFlight: 2,
    peakInFlight: 3,
    ...NO_QUEUE,
  });
});

test('a reset counts anew, while what is in flight stays in flight and is the new peak', () => {
  const counters = new Counters();
  for (let count = 0; count < 5; count++) counters.start();
  for (let count = 0; count < 3; count++) counters.end('completed');
  counters.reset();
  assert.deepEqual(counters.read(), {
    started: 0,
    completed: 0,
    aborted: 0,
    inFlight: 2,
    peakInFlight: 2,
    ...NO_QUEUE,
  });
});

test('lose nothing when threads count at the same time, and see the peak of all threads together', async () => {
  const counters = new Counters();
  const [threads, each] = [3, 20_000];
  const count = `
    const { workerData, parentPort } = require('node:worker_threads');
    (async () => {
      const { Counters } = await import(workerData.module);
      const counters = new Counters(workerData.buffer);
      counters.start();
      parentPort.postMessage('one in flight');
      Atomics.wait(workerData.starter, 0, 0);
      for (let round = 0; round < workerData.each; round++) {
        counters.start();
        counters.end(round % 2 ? 'completed' : 'aborted');
      }
      counters.end('completed');
    })();`;
  const starter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const module = new URL('../../src/api/counters.ts', import.meta.url).href;
  const workers = Array.from(
    { length: threads },
    () => new Worker(count, { eval: true, workerData: { module, buffer: counters.buffer, starter, each } }),
  );
  const exits = workers.map((worker) => once(worker, 'exit'));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  assert.equal(counters.read().peakInFlight, threads);
  Atomics.store(starter, 0, 1);
  Atomics.notify(starter, 0);
  await Promise.all(exits);
  const { peakInFlight, ...rest } = counters.read();
  assert.deepEqual(rest, {
    started: threads * (each + 1),
    completed: threads * (each / 2 + 1),
    aborted: threads * (each / 2),
    inFlight: 0,
    ...NO_QUEUE,
  });
  assert.ok(peakInFlight >= threads && peakInFlight <= 2 * threads);
});

test('count the queue: who waited, how long together, and the most at once, until a reset', () => {
  const counters = new Counters();
  const other = new Counters(counters.buffer);
  counters.enterQueue();
  other.enterQueue();
  counters.leaveQueue(1.5);
  counters.refuse();
  const { refused, queued, longestQueue, queueMs } = other.read();
  assert.deepEqual(
    { refused, queued, longestQueue, queueMs },
    { refused: 1, queued: 2, longestQueue: 2, queueMs: 1.5 },
  );
  counters.reset();
  const anew = counters.read();
  assert.deepEqual([anew.refused, anew.queued, anew.longestQueue, anew.queueMs], [0, 0, 1, 0]);
  // More than 32 bits of microseconds have room for.
  other.leaveQueue(10_000_000);
  assert.equal(counters.read().queueMs, 10_000_000);
});
