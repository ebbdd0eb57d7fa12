import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from '../../src/report/command.ts';
import { cpuComparison, ioComparison, row } from './samples.ts';

test('the command names every setting of a comparison that waits', () => {
  const rows = [row('sequential', [20]), { approach: 'blocking', error: 'crashed' } as const];
  assert.equal(
    commandOf(ioComparison(rows, { jitterMs: 5, faults: { '503': 0.1, reset: 0.05 } })),
    'npm start -- compare fetch-order --requests 2 --repeats 3 ' +
      '--latency 10 --jitter 5 --network loopback --seed 1 --timeout 10000 --retries 0 ' +
      '--faults 503:0.1,reset:0.05 --approach sequential blocking',
  );
});

test('the seed stands in the command only where something is drawn', () => {
  const rows = [row('sequential', [20])];
  assert.doesNotMatch(commandOf(ioComparison(rows, { jitterMs: 0 })), /--seed/);
  for (const drawn of [{ jitterMs: 1 }, { faults: { '503': 0.1 } }, { retryBudget: 1 }]) {
    assert.match(commandOf(ioComparison(rows, { jitterMs: 0, ...drawn })), / --seed 1 /);
  }
});

test('rows that were repeated differently were so by default, and no number would do that again', () => {
  const once = row('sequential', [20], { cpuSamplesMs: [5] });
  assert.match(commandOf(ioComparison([once])), / --repeats 1 /);
  assert.doesNotMatch(commandOf(ioComparison([once, row('bounded-pool', [20])])), /--repeats/);
  assert.doesNotMatch(commandOf(ioComparison([{ approach: 'blocking', error: 'crashed' }])), /--repeats/);
});

test('the command of one that computes has its cost and no network', () => {
  assert.equal(
    commandOf(cpuComparison([row('worker-threads', [20])])),
    'npm start -- compare price-order --requests 2 --threads 2 --repeats 3 --cost 5 ' +
      '--approach worker-threads',
  );
});

test('the command names the limits of the API and the pace that was kept to them', () => {
  const limits = { stoves: { count: 8, queue: 4 }, rate: { perSecond: 50, burst: 5 }, pace: 50 };
  assert.match(
    commandOf(ioComparison([row('paced', [20])], limits)),
    / --requests 2 --concurrency 10 --pace 50 .* --stoves 8,4 --rate 50,5 --timeout .* --approach paced$/,
  );
});
