// The reader's own work by an approach in this thread, and by one in others.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { drawFor } from '../../src/jobs/open-own.ts';
import { GiveUp } from '../../src/running/give-up.ts';
import { ownWorkOf } from '../../src/running/own-run.ts';
import type { Recorded } from '../../src/running/recorded.ts';
import { APPROACHES } from '../../src/running/registry.ts';
import { folder, ownJobAt } from '../own/modules.ts';

/** Runs all inputs of the module `source`, and says how each of them went, and why the approach was stopped if it was. */
async function runOf(approach: 'sequential' | 'worker-threads', source: string) {
  await using made = await folder();
  const job = ownJobAt(join(made.path, await made.write('odd.mjs', source)));
  const { inputs } = await drawFor(job);
  const giveUp = new GiveUp();
  const size = { requests: inputs.length, concurrency: 1, threads: 1 };
  await using opened = await APPROACHES[approach].open(ownWorkOf(job, inputs, giveUp), size);
  giveUp.begin(inputs.length);
  const numbers = inputs.map((_, index) => index + 1);
  const records: Recorded[] = await opened.run(numbers, giveUp.signal).catch(() => []);
  const { aborted, reason } = giveUp.signal;
  return {
    values: records.map(({ value }) => value),
    outcomes: new Set(records.map(({ span }) => span.outcome)),
    stopped: aborted ? (reason as Error).message : undefined,
  };
}

for (const approach of ['sequential', 'worker-threads'] as const) {
  test(`${approach}: a task that returns a thenable is awaited`, async () => {
    const source = `export const inputs = [1, 2, 3];
      export const task = (id) => ({ then: (done) => setTimeout(done, 1, 2 * id) });`;
    const { values, outcomes } = await runOf(approach, source);
    assert.deepEqual([values, outcomes], [[2, 4, 6], new Set(['ok'])]);
  });
}

test('a result that no thread can send back fails there with its reason, and nowhere else', async () => {
  const source = 'export const inputs = [1, 2, 3, 4, 5, 6]; export const task = async (id) => () => id;';
  const here = await runOf('sequential', source);
  assert.deepEqual([here.outcomes, here.stopped], [new Set(['ok']), undefined]);
  const { stopped } = await runOf('worker-threads', source);
  assert.match(
    stopped ?? 'nothing stopped it',
    /^stopped when \d of 6 tasks had failed, more than a fifth: \d × the result cannot be sent from a thread/,
  );
});
