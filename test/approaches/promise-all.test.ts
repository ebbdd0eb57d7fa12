// What promiseAll promises beyond the contract of all approaches: it is Promise.all, with its trouble.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import { manyTurns } from '../turns.ts';

const burnt = new Error('the order burnt');

test('rejects at the first failure while the other tasks run on to their end', async () => {
  const slow = Promise.withResolvers<void>();
  const served: number[] = [];
  const task = async (input: number) => {
    if (input === 1) throw burnt;
    await slow.promise;
    served.push(input);
  };
  await assert.rejects(promiseAll([1, 2, 3], task), burnt);
  assert.deepEqual(served, []);
  slow.resolve();
  await manyTurns();
  assert.deepEqual(served, [2, 3]);
});

test('a task that throws synchronously leaves no rejection of its neighbours unhandled', async (t) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  const task = (input: number) => {
    if (input === 2) throw burnt;
    return Promise.reject(new Error(`order ${input} burnt too`));
  };
  await assert.rejects(promiseAll([1, 2, 3], task), burnt);
  await manyTurns();
  assert.deepEqual(unhandled, []);
});

test('rejects and starts nothing when the inputs themselves throw, and no rejection stays unhandled', async (t) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  const started: number[] = [];
  function* orders() {
    yield 1;
    throw burnt;
  }
  const task = (input: number) => {
    started.push(input);
    return Promise.reject(new Error(`order ${input} burnt too`));
  };
  await assert.rejects(promiseAll(orders(), task), burnt);
  await manyTurns();
  assert.deepEqual([started, unhandled], [[], []]);
});
