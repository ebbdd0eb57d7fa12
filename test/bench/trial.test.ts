// What a bench asks of a trial that a comparison seldom does: very many tasks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialSettings } from '../../src/measure/plan.ts';
import { startTrial } from '../../src/measure/trial.ts';

test('a measurement larger than a pipe holds arrives whole', async () => {
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
  await using trial = await startTrial({ ...settings, samples: { atLeast: 1, forMs: 0 } });
  const { spans } = await trial.run();
  assert.equal(spans.inputs.length, 30_000);
  assert.equal(spans.inputs.at(-1), 30_000);
});
