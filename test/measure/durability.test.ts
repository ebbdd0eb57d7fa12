// What a job costs more through a queue, from comparisons made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durabilityOf } from '../../src/measure/durability.ts';
import { cpuComparison, ioComparison, ownComparison, queueRow, row } from '../report/samples.ts';

const queue = queueRow([300, 302, 304]);
const pool = row('bounded-pool', [100, 101, 102]);
const threads = row('worker-threads', [200, 201, 202]);

test('work that waits is compared with the pool: the difference for each job, with both deviations', () => {
  const comparison = ioComparison([pool, queue, threads], { requests: 100, workers: 2 });
  assert.deepEqual(durabilityOf(comparison), { beside: 'bounded-pool', perJobMs: 2.01, madMs: 0.03 });
  const own = ownComparison([pool, queue], { requests: 100, workers: 2 });
  assert.equal(durabilityOf(own)?.beside, 'bounded-pool');
});

test('work that computes is compared with as many threads, and with no other number of them', () => {
  const comparison = (workers: number) =>
    cpuComparison([pool, queue, threads], { requests: 100, threads: 2, workers });
  assert.equal(durabilityOf(comparison(2))?.beside, 'worker-threads');
  assert.equal(durabilityOf(comparison(1)), undefined);
  const both = ownComparison([pool, queue, threads], { nature: 'both', threads: 2, workers: 2 });
  assert.equal(durabilityOf(both), undefined, 'nothing in memory has lanes and cores');
});

test('nothing is said if there is doubt, if the queue was faster, or if one of the two is missing or failed', () => {
  const none = (...rows: Parameters<typeof ioComparison>[0]) =>
    assert.equal(durabilityOf(ioComparison(rows, { requests: 100, workers: 2 })), undefined);
  none(pool, queueRow([90, 140, 300]));
  none(pool, queueRow([50, 51, 52]));
  none(pool, queueRow([300]));
  none(queue);
  none(pool);
  none(pool, queueRow([300, 302, 304], { failed: 1 }));
  none(row('bounded-pool', [100, 101, 102], { failed: 1 }), queue);
});
