// How many threads are started, and what is said of it before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planThreads } from '../../src/measure/threads.ts';

const GIB = 2 ** 30;
const laptop = { cores: 4, freeBytes: 8 * GIB };

test('a few threads are started as asked, and nothing is said', () => {
  assert.deepEqual(planThreads(10, false, laptop), { threads: 10 });
  assert.deepEqual(planThreads(10, true, laptop), { threads: 10 });
});

test('threads that follow --concurrency stop at what the cores carry, and --threads takes more', () => {
  const followed = planThreads(200, false, laptop);
  assert.equal(followed.threads, 128);
  assert.match(followed.note!, /128 threads instead of 200 \(32 for each core; --threads 200 asks for all\)/);
  assert.deepEqual(planThreads(200, true, laptop), {
    threads: 200,
    note: 'worker-threads: 200 threads take some 3.5 GiB',
  });
});

test('no number of threads takes more than half of the free memory', () => {
  const asked = planThreads(1000, true, laptop);
  assert.equal(asked.threads, 227);
  assert.match(
    asked.note!,
    /227 threads instead of 1000 \(half of the free memory is 4\.0 GiB, a thread takes/,
  );
  assert.equal(planThreads(1000, false, { cores: 64, freeBytes: GIB }).threads, 28);
  const nearlyFull = planThreads(8, true, { cores: 2, freeBytes: 2 ** 20 });
  assert.equal(nearlyFull.threads, 1);
  assert.match(nearlyFull.note!, /: 1 thread instead of 8 /);
});

test('where the system does not tell what is free, memory bounds nothing', () => {
  assert.deepEqual(planThreads(8, true, { cores: 2, freeBytes: 0 }), { threads: 8 });
});
