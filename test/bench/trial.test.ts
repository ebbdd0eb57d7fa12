// What a bench asks of a trial that a comparison does not: very many tasks, and that nobody watches the event loop.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialSettings } from '../../src/measure/plan.ts';
import { splitOverProcesses } from '../../src/measure/split.ts';
import { startQuietTrial, type QuietMeasurement, type TrialSettings } from '../../src/measure/trial.ts';

test('a measurement larger than a pipe holds arrives whole; a quiet trial has no figures of the event loop', async () => {
  const settings = trialSettings(
    'sequential',
    {
      kind: 'cpu',
      job: 'price-order',
      approaches: ['sequential'],
      requests: 30_000,
      concurrency: 1,
      threads: 1,
      costMs: 0.001,
    },
    { kind: 'cpu', job: 'price-order', rounds: 1, costMs: 0.001 },
  );
  await using trial = await startQuietTrial({ ...settings, samples: { atLeast: 1, forMs: 0 } });
  const measurement = await trial.run();
  const { spans, cpuMs } = measurement;
  assert.equal(spans.inputs.length, 30_000);
  assert.equal(spans.inputs.at(-1), 30_000);
  assert.ok(cpuMs > 0);
  for (const figure of ['loopDelayMs', 'loopUtilization', 'loopTrack'])
    assert.ok(!(figure in measurement), figure);
});

test('separate processes are started as their neighbours are, and the slowest counts', async () => {
  const log: string[] = [];
  const start = async ({ size: { requests } }: TrialSettings) => {
    log.push(`start ${requests}`);
    return {
      run: async () => ({ timesMs: [requests] }) as unknown as QuietMeasurement,
      [Symbol.asyncDispose]: async () => void log.push(`end ${requests}`),
    };
  };
  const shares = [3, 2].map((requests) => ({ size: { requests } }) as TrialSettings);
  assert.equal(await splitOverProcesses(start, shares), 3);
  assert.deepEqual(log, ['start 3', 'start 2', 'end 2', 'end 3']);
});
