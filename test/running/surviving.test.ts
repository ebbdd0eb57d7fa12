// What the wrapper around a pool promises beyond the deaths of real threads: its patience ends no run that goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { surviving } from '../../src/running/surviving.ts';

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
