// The ten lines at the head of bounded-pool.ts are a comment, but they are meant to be learnt: so they must run.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { until } from '../turns.ts';

type Pool = (inputs: number[], task: (input: number) => unknown, concurrency: number) => Promise<unknown[]>;

const source = await readFile(new URL('../../src/approaches/bounded-pool.ts', import.meta.url), 'utf8');
const lines = source.split('\n').filter((line) => line.startsWith('//   '));
// oxlint-disable-next-line no-new-func, typescript/no-implied-eval
const pool = new Function(`return ${lines.map((line) => line.slice(2)).join('\n')}`)() as Pool;

test('are ten, and keep the order and the limit', async () => {
  assert.equal(lines.length, 10);
  let [inFlight, peak] = [0, 0];
  const task = async (input: number) => {
    peak = Math.max(peak, ++inFlight);
    await new Promise(setImmediate);
    inFlight--;
    return `dish ${input}`;
  };
  assert.deepEqual(await pool([1, 2, 3, 4, 5], task, 2), ['dish 1', 'dish 2', 'dish 3', 'dish 4', 'dish 5']);
  assert.equal(peak, 2);
});

test('lack what the text below them says: after a failure the other lanes go on, and nobody waits for them', async () => {
  const called: number[] = [];
  const task = async (input: number) => {
    called.push(input);
    if (input === 1) throw new Error('order 1 burnt');
    await new Promise(setImmediate);
  };
  await assert.rejects(pool([1, 2, 3, 4, 5], task, 2), { message: 'order 1 burnt' });
  assert.deepEqual(called, [1, 2]);
  await until(() => called.length === 5);
});
