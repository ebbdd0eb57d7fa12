// What workerThreads promises beyond the contract of all approaches: how inputs become messages. The pool is a
// stand-in that notes what it is sent; contract.test.ts has the real threads.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, integer, double, property } from 'fast-check';
import { batchSizeFor, workerThreads } from '../../src/approaches/worker-threads.ts';

const burnt = new Error('the order burnt');
type Run = (inputs: number[], options?: { signal?: unknown }) => Promise<string[]>;
const poolOf = (run: Run) => ({ run }) as unknown as Parameters<typeof workerThreads<number, string>>[1];

describe('batchSizeFor', () => {
  test('sends inputs one by one when one is worth a message', () => {
    assert.equal(batchSizeFor({ costMs: 20, count: 1000, threads: 2 }), 1);
  });

  test('sends cheap tasks in batches that are worth a message', () => {
    assert.equal(batchSizeFor({ costMs: 0.01, count: 100_000, threads: 2 }), 500);
  });

  test('leaves every thread several batches to take, and never sends none', () => {
    const threads = integer({ min: 1, max: 64 });
    const count = integer({ min: 0, max: 1_000_000 });
    const costMs = double({ min: 0, max: 1000, noNaN: true });
    check(
      property(threads, count, costMs, (threads, count, costMs) => {
        const size = batchSizeFor({ costMs, count, threads });
        assert.ok(Number.isInteger(size) && size >= 1);
        if (size > 1) assert.ok(Math.ceil(count / size) >= 4 * threads, `${count} in batches of ${size}`);
      }),
    );
  });
});

describe('workerThreads', () => {
  test('sends each input once, in batches, and joins the answers in order though they come in any', async () => {
    const sent: number[][] = [];
    const answers: Array<() => void> = [];
    const pool = poolOf((inputs) => {
      sent.push(inputs);
      const { promise, resolve } = Promise.withResolvers<string[]>();
      answers.push(() => resolve(inputs.map((input) => `dish ${input}`)));
      return promise;
    });
    const run = workerThreads([1, 2, 3, 4, 5], pool, { batchSize: 2 });
    assert.deepEqual(sent, [[1, 2], [3, 4], [5]]);
    for (const answer of answers.toReversed()) answer();
    assert.deepEqual(await run, ['dish 1', 'dish 2', 'dish 3', 'dish 4', 'dish 5']);
  });

  test('tells all other batches to stop at the first failure, and waits until they have', async () => {
    const stopped: number[] = [];
    const pool = poolOf(async ([input], options) => {
      if (input === 2) throw burnt;
      const signal = options?.signal as AbortSignal;
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => {
        stopped.push(input!);
        reject(new Error('a thread was ended'));
      });
      return promise;
    });
    await assert.rejects(workerThreads([1, 2, 3], pool), burnt);
    assert.deepEqual(stopped, [1, 3]);
  });

  test('sends nothing when the inputs themselves throw', async () => {
    let sent = 0;
    const pool = poolOf(async () => {
      sent++;
      return [];
    });
    function* orders() {
      yield 1;
      throw burnt;
    }
    await assert.rejects(workerThreads(orders(), pool), burnt);
    assert.equal(sent, 0);
  });
});
