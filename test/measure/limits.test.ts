// A comparison at an API with limits, small: what the far side counts is exact, so each figure can be asserted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/measure/compare.ts';
import { isMeasured } from '../../src/measure/comparison.ts';
import type { IoSettings } from '../../src/measure/plan.ts';

const SETTINGS: IoSettings = {
  kind: 'io',
  job: 'fetch-order',
  approaches: ['promise-all', 'bounded-pool', 'adaptive'],
  requests: 12,
  concurrency: 3,
  threads: 1,
  // So slow that all requests have come before the first is answered, on a busy machine too.
  conditions: { latencyMs: 1500, jitterMs: 0, seed: 1, stoves: { count: 2, queue: 3 } },
  network: 'loopback',
  timeoutMs: 60_000,
  retryBudget: 0,
  repeats: 1,
};

for (const network of ['loopback', 'intercepted'] as const) {
  test(`${network}: all at once loses what does not fit, a pool that fits loses nothing`, async () => {
    const settings: IoSettings = { ...SETTINGS, network, approaches: ['promise-all', 'bounded-pool'] };
    const { rows, stoves } = await compare(settings, { priceMock: false });
    assert.deepEqual(stoves, { count: 2, queue: 3 });
    const seen = rows.map((row) => {
      assert.ok(isMeasured(row), JSON.stringify(row));
      const { approach, succeeded, failed, atLimits } = row;
      return [approach, succeeded, failed, atLimits?.refused, atLimits?.longestQueue];
    });
    assert.deepEqual(seen, [
      ['promise-all', 5, 7, 7, 3],
      ['bounded-pool', 12, 0, 0, 1],
    ]);
  });
}

test('adaptive tries again what was refused, and with a budget for retries so does everyone', async () => {
  const conditions = { ...SETTINGS.conditions, latencyMs: 30, stoves: { count: 2, queue: 0 } };
  const settings: IoSettings = { ...SETTINGS, conditions, retryBudget: 10_000 };
  const { rows } = await compare(settings, { priceMock: false });
  for (const row of rows) {
    assert.ok(isMeasured(row), JSON.stringify(row));
    assert.deepEqual([row.approach, row.succeeded, row.failed], [row.approach, 12, 0]);
    assert.ok(row.atLimits!.refused > 0, row.approach);
    assert.ok(row.peakInFlight >= 2);
  }
});
