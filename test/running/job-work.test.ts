import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
import type { JobSettings } from '../../src/jobs/job.ts';
import { workOf } from '../../src/running/job-work.ts';

const settings: JobSettings = {
  job: 'fetch-order',
  network: 'intercepted',
  origin: 'http://orders.test',
  connections: 1,
  conditions: INSTANT,
  folder: '',
  timeoutMs: 1000,
  rounds: 1,
};

test('the patience with a thread grows with what a request may take, but only where there are requests', () => {
  const patience = (job: JobSettings['job'], timeoutMs: number, costMs: number) =>
    workOf({ ...settings, job, timeoutMs }, costMs).patienceMs;
  assert.ok(patience('fetch-order', 3_600_000, 0) > 3_600_000);
  assert.ok(patience('price-order', 1000, 10_000) > 10_000);
  assert.equal(patience('price-order', 3_600_000, 10), patience('price-order', 1000, 10));
});
