import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
import type { FetchOrderSettings } from '../../src/jobs/job.ts';
import { workOf } from '../../src/running/job-work.ts';

const asking: FetchOrderSettings = {
  kind: 'io',
  job: 'fetch-order',
  network: 'intercepted',
  origin: 'http://orders.test',
  connections: 1,
  conditions: INSTANT,
  timeoutMs: 1000,
};

test('the patience with a thread grows with what a request may take, or a computation cost', () => {
  const asked = (timeoutMs: number) => workOf({ ...asking, timeoutMs }).patienceMs;
  const computed = (costMs: number) =>
    workOf({ kind: 'cpu', job: 'price-order', rounds: 1, costMs }).patienceMs;
  assert.ok(asked(3_600_000) > 3_600_000);
  assert.ok(asked(3_600_000) > asked(1000));
  assert.ok(computed(10_000) > 10_000);
  assert.ok(computed(10_000) > computed(10));
});
