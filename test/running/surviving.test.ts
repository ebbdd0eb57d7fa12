// What the wrapper around a pool promises beyond the deaths of real threads: its patience ends no run that goes on.
import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { surviving } from '../../src/running/surviving.ts';
import { manyTurns, until } from '../turns.ts';

test('a patience longer than a timer can run lets a batch finish', async () => {
  // Node makes 1 ms of what is over 2 ** 31 - 1; the batch outlasts that, since timers fire in order.
  const pool = surviving<number, string>(
    {
      run: async (batch, options) => {
        await sleep(20, undefined, options as { signal: AbortSignal });
        return batch.map((input) => `served ${input}`);
      },
    },
    {
      threads: 1,
      patienceMs: 2 ** 30,
      lost: (input, _startMs, reason) => `lost ${input}: ${String(reason)}`,
    },
  );
  assert.deepEqual(await pool.run([1, 2, 3]), ['served 1', 'served 2', 'served 3']);
});

test('numbers out of their range are refused before a thread is given anything', () => {
  const fine = { threads: 1, patienceMs: 1, lost: () => '' };
  const pool = { run: async () => [] };
  for (const [wrong, expected] of [
    [{ threads: 0 }, 'threads: expected a positive integer, got 0'],
    [{ threads: 1.5 }, 'threads: expected a positive integer, got 1.5'],
    [{ patienceMs: NaN }, 'patienceMs: expected a number from 0 up, got NaN'],
    [{ patienceMs: -1 }, 'patienceMs: expected a number from 0 up, got -1'],
  ] as const) {
    assert.throws(() => surviving(pool, { ...fine, ...wrong }), new TypeError(expected));
  }
});

test('no more batches are handed on than there are threads, in the order they came', async () => {
  const handed: number[][] = [];
  const answers: Array<() => void> = [];
  const pool = surviving<number, string>(
    {
      async run(batch) {
        handed.push(batch);
        const answer = Promise.withResolvers<void>();
        answers.push(answer.resolve);
        await answer.promise;
        return batch.map((input) => `served ${input}`);
      },
    },
    { threads: 2, patienceMs: 60_000, lost: () => 'lost' },
  );
  const runs = [[1], [2], [3], [4]].map((batch) => pool.run(batch));
  await manyTurns();
  assert.deepEqual(handed, [[1], [2]]);
  answers[1]!();
  await manyTurns();
  assert.deepEqual(handed, [[1], [2], [3]]);
  answers[0]!();
  answers[2]!();
  await until(() => handed.length === 4);
  answers[3]!();
  assert.deepEqual((await Promise.all(runs)).flat(), ['served 1', 'served 2', 'served 3', 'served 4']);
});

test('an abort reaches the batch at work, and one that waits is not handed on', async () => {
  const guests = new AbortController();
  const left = new Error('the guests have left');
  let handed = 0;
  const pool = surviving<number, string>(
    {
      async run(_batch, { signal }) {
        handed++;
        await once(signal, 'abort');
        throw new Error('the thread was ended');
      },
    },
    { threads: 1, patienceMs: 60_000, lost: () => 'lost' },
  );
  const runs = [[1], [2]].map((batch) => pool.run(batch, guests));
  await manyTurns();
  guests.abort(left);
  for (const { status, reason } of (await Promise.allSettled(runs)) as PromiseRejectedResult[]) {
    assert.deepEqual([status, reason], ['rejected', left]);
  }
  assert.equal(handed, 1);
  assert.equal(getEventListeners(guests.signal, 'abort').length, 0);
});
