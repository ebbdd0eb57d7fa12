// A thread that throws, exits, runs out of memory or hangs costs the inputs it had, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPROACHES } from '../../src/running/registry.ts';
import type { Work } from '../../src/running/work.ts';
import { withPatience } from '../patience.ts';
import { until } from '../turns.ts';
import { NOT_QUEUED } from '../running/not-queued.ts';

const SIZE = { requests: 6, concurrency: 2, threads: 2 };

const WORK: Work<string> = {
  kind: 'io',
  open: () => Promise.reject(new Error('this approach runs its job in other threads')),
  worker: new URL('./dying-worker.ts', import.meta.url),
  workerData: {},
  outcomes: (message) => message as string[],
  // No thread that answers or dies runs into this, however busy the machine is.
  refusedForMs: () => undefined,
  queued: NOT_QUEUED,
  patienceMs: 30 * 60_000,
  lost: (input, _startMs, reason) => `lost ${input}: ${(reason as Error).message}`,
};

for (const approach of [APPROACHES['worker-threads'], APPROACHES.blocking]) {
  test(`${approach.name}: dying threads are outcomes of their inputs, and the others are served in order`, async () => {
    await using opened = await approach.open(WORK, SIZE);
    const outcomes = await opened.run([1, 2, 3, 4, 6]);
    assert.equal(outcomes[0], 'served 1');
    assert.equal(outcomes[1], 'lost 2: dropped the tray');
    assert.match(outcomes[2]!, /^lost 3: .+/);
    // Out of memory. It is noticed when it happens, and not when the patience is over.
    assert.match(outcomes[3]!, /^lost 4: (the helper thread ended|Worker terminated due to .+ memory.*)$/);
    assert.equal(outcomes[4], 'served 6');
  });

  test(`${approach.name}: a thread that hangs costs its own input, and the next one is served`, async () => {
    const runFor = async (patienceMs: number) => {
      await using opened = await approach.open({ ...WORK, patienceMs }, { ...SIZE, threads: 1 });
      const [hung, next] = await opened.run([5, 6]);
      assert.match(hung!, new RegExp(`^lost 5: .+ gave no answer for ${patienceMs} ms$`));
      return next!;
    };
    assert.equal(await withPatience(runFor, (next) => next === 'served 6'), 'served 6');
  });

  test(`${approach.name}: once all threads have died and no new one can load, no input waits for one`, async () => {
    const cold = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    await using opened = await approach.open({ ...WORK, workerData: { cold } }, SIZE);
    const outcomes = await opened.run([8, 8, 6, 6, 6, 6]);
    assert.match(outcomes[0]!, /^lost 8: /);
    assert.match(outcomes[1]!, /^lost 8: /);
    assert.deepEqual(outcomes.slice(2), Array(4).fill('lost 6: the stove went cold'));
  });
}

test('worker-threads: a thread that dies with no input to answer for costs nothing, and is replaced', async () => {
  const cell = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const [started, mayDie] = [cell(), cell()];
  const work = { ...WORK, workerData: { started, mayDie } };
  await using opened = await APPROACHES['worker-threads'].open(work, { ...SIZE, threads: 1 });
  assert.deepEqual(await opened.run([7]), ['served 7']);
  const before = Atomics.load(started, 0);
  Atomics.store(mayDie, 0, 1);
  await until(() => Atomics.load(started, 0) !== before);
  assert.deepEqual(await opened.run([1]), ['served 1']);
});

test('worker-threads: all threads have loaded the work before the first input', async () => {
  const loaded = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const work = { ...WORK, workerData: { loaded } };
  const opened = await APPROACHES['worker-threads'].open(work, SIZE);
  await opened[Symbol.asyncDispose]();
  assert.equal(Atomics.load(loaded, 1), SIZE.threads);
});

for (const name of ['worker-threads', 'blocking'] as const) {
  test(`${name}: threads that cannot load say why before the first input waits for one`, async () => {
    const worker = new URL('./unloadable-worker.ts', import.meta.url);
    await assert.rejects(async () => APPROACHES[name].open({ ...WORK, worker }, SIZE), /the stove is cold/);
  });
}
