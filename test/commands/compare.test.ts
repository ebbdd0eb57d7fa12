import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOf, settingsOfRun, type CompareFlags } from '../../src/commands/compare.ts';

const FLAGS: CompareFlags = {
  approach: ['sequential', 'worker-threads', 'sequential'],
  most: 64,
  requests: 4,
  latency: 20,
  jitter: 5,
  seed: 7,
  concurrency: 10,
  cost: 1,
  network: 'intercepted',
  faults: { reset: 0.5, stall: 0.001 },
  timeout: 3000,
  retries: 2,
};

test('a job that waits gets the conditions that were asked for, and the network that its faults need', () => {
  const settings = settingsOf('fetch-order', FLAGS);
  assert.ok(settings.kind === 'io');
  const { conditions, network, retryBudget, threads, approaches } = settings;
  assert.deepEqual(conditions, { latencyMs: 20, jitterMs: 5, seed: 7, faults: FLAGS.faults });
  assert.deepEqual([network, retryBudget, threads], ['loopback', 2, 4]);
  assert.deepEqual(approaches, ['sequential', 'worker-threads']);
});

test('a job that computes is told nothing of an API, whatever was asked for of it', () => {
  const { faults: _, ...without } = FLAGS;
  const plain = settingsOf('price-order', { ...without, latency: 0, jitter: 0, seed: 1, retries: 0 });
  assert.deepEqual(settingsOf('price-order', FLAGS), plain);
  assert.deepEqual(
    Object.keys(plain).toSorted(),
    ['approaches', 'concurrency', 'costMs', 'job', 'kind', 'repeats', 'requests', 'threads'].toSorted(),
  );
});

test('an API with limits is told of them, and the approaches that know limits take part', () => {
  const { approach: _, faults: __, ...flags } = FLAGS;
  const limits = { stoves: { count: 8, queue: 4 }, rate: { perSecond: 50, burst: 5 } };
  const settings = settingsOf('fetch-order', { ...flags, ...limits, network: 'loopback' });
  assert.ok(settings.kind === 'io');
  assert.deepEqual(settings.conditions, { latencyMs: 20, jitterMs: 5, seed: 7, ...limits });
  assert.deepEqual(settings.approaches, [
    'blocking',
    'sequential',
    'promise-all',
    'bounded-pool',
    'paced',
    'adaptive',
    'worker-threads',
  ]);
  assert.equal(settings.pace, 50);
  const pricing = settingsOf('price-order', { ...flags, ...limits });
  assert.deepEqual(pricing.approaches, [
    'blocking',
    'sequential',
    'promise-all',
    'bounded-pool',
    'worker-threads',
  ]);
});

test('stoves of each thread would not be the stoves of the API', () => {
  const { faults: _, ...flags } = FLAGS;
  const intercepted = { ...flags, stoves: { count: 8 } };
  assert.throws(() => settingsOf('fetch-order', intercepted), {
    name: 'UsageError',
    message: /stoves of its own/,
  });
  // One thread has one kitchen.
  assert.equal(
    settingsOf('fetch-order', { ...intercepted, approach: ['blocking', 'promise-all'] }).kind,
    'io',
  );
});

test('without a name, the job that computes comes first, and the last API has room for the pool but not for all', () => {
  const { approach: _, faults: __, ...flags } = FLAGS;
  const asked: CompareFlags = { ...flags, requests: 20, network: 'loopback' };
  const run = settingsOfRun(asked);
  assert.deepEqual(
    run.map(({ job }) => job),
    ['price-order', 'fetch-order', 'fetch-order'],
  );
  const usual = ['blocking', 'sequential', 'promise-all', 'bounded-pool', 'worker-threads'];
  assert.deepEqual(
    run.map(({ approaches }) => approaches),
    [usual, usual, ['promise-all', 'bounded-pool', 'adaptive']],
  );
  const last = run.at(-1);
  assert.ok(last?.kind === 'io' && last.conditions.stoves);
  const { count, queue = Infinity } = last.conditions.stoves;
  assert.ok(count < asked.concurrency, 'the pool meets the limit');
  assert.ok(asked.concurrency <= count + queue, 'and loses nothing');
  assert.ok(asked.requests > count + queue, 'all at once loses some');
});
