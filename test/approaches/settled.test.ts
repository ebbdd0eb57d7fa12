// Settling is a wrapper around the task, so it is tested with the approaches that it composes with.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import { sequential } from '../../src/approaches/sequential.ts';
import { settled } from '../../src/approaches/settled.ts';

const burnt = new Error('order 2 burnt');
const cook = async (input: number) => {
  if (input === 2) throw burnt;
  return `dish ${input}`;
};
const cookAtOnce = (input: number) => {
  if (input === 2) throw burnt;
  return `dish ${input}`;
};
type Results = Promise<Array<PromiseSettledResult<string>>>;
type SettledTask = (input: number, signal?: AbortSignal) => Promise<PromiseSettledResult<string>>;
const approaches: Record<string, (inputs: number[], task: SettledTask) => Results> = {
  sequential,
  promiseAll,
  boundedPool: (inputs, task) => boundedPool(inputs, task, { concurrency: 2 }),
};

describe('a settled task', () => {
  for (const [name, approach] of Object.entries(approaches)) {
    test(`loses no success and no failure with ${name}, and says what Promise.allSettled would`, async () => {
      const inputs = [1, 2, 3];
      const expected = await Promise.allSettled(inputs.map(cook));
      assert.deepEqual(await approach(inputs, settled(cook)), expected);
      assert.deepEqual(await approach(inputs, settled(cookAtOnce)), expected);
    });
  }

  test('hands its signal on', async () => {
    const { signal } = new AbortController();
    const result = await settled(async (_: number, given?: AbortSignal) => given)(1, signal);
    assert.deepEqual(result, { status: 'fulfilled', value: signal });
  });
});
