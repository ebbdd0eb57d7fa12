// Steps run in order, say what is left, and stop. The clock is the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSteps, type Progress } from '../../src/measure/steps.ts';

test('announce each step with what is left, corrected by how wrong the estimates were', async (t) => {
  let at = 0;
  t.mock.method(performance, 'now', () => at);
  const seen: Progress[] = [];
  const step = (doing: string, estimateMs: number, takesMs: number) => ({
    doing,
    estimateMs,
    run: async () => void (at += takesMs),
  });
  // Each step takes twice as long as estimated.
  const steps = [step('a', 100, 200), step('b', 200, 400), step('c', 300, 600)];
  await runSteps(steps, 'dinner', { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen, [
    { doing: 'dinner: a', done: 0, total: 3, leftMs: 600 },
    { doing: 'dinner: b', done: 1, total: 3, leftMs: 1000 },
    { doing: 'dinner: c', done: 2, total: 3, leftMs: 600 },
  ]);
});

test('start nothing after a failure or an abort', async () => {
  const left = new Error('the guests have left');
  const controller = new AbortController();
  const ran: string[] = [];
  const step = (doing: string, run = () => {}) => ({
    doing,
    estimateMs: 1,
    run: async () => {
      ran.push(doing);
      run();
    },
  });
  const steps = [step('a'), step('b', () => controller.abort(left)), step('c')];
  await assert.rejects(runSteps(steps, 'dinner', controller), left);
  const fails = () => {
    throw left;
  };
  await assert.rejects(runSteps([step('d', fails), step('e')], 'dinner'), left);
  assert.deepEqual(ran, ['a', 'b', 'd']);
});
