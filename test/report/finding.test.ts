import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '../../src/report/finding.ts';
import { ioComparison, row } from './samples.ts';

const slow = row('sequential', [1000, 1001, 1002], { speedup: 1 });

test('the fastest approach is named with its ratio', () => {
  const fast = row('promise-all', [20, 21, 22], { speedup: 47.67 });
  assert.equal(
    finding(ioComparison([slow, fast])),
    'fetch-order: promise-all is fastest, 47.7× as fast as sequential.',
  );
});

test('nobody is named fastest while the spread of any other overlaps, be it second or last', () => {
  const [one, other] = [row('promise-all', [20, 24, 28]), row('bounded-pool', [21, 25, 29])];
  assert.equal(
    finding(ioComparison([slow, other, one])),
    'fetch-order: promise-all and bounded-pool: no clear difference, 40.0× to 41.7× as fast as sequential.',
  );
  const steady = row('bounded-pool', [40, 40, 40, 40, 40, 40]);
  const unsteady = row('worker-threads', [21, 45, 70]);
  assert.equal(
    finding(ioComparison([slow, steady, unsteady, row('promise-all', [24, 24, 24, 24, 24, 24])])),
    'fetch-order: promise-all and worker-threads: no clear difference, 22.2× to 41.7× as fast as sequential.',
  );
  assert.equal(
    finding(ioComparison([one, unsteady, other])),
    'fetch-order: promise-all, bounded-pool and worker-threads: no clear difference.',
  );
});

test('where two differ from each other but neither from the first, there is no winner and no tie', () => {
  const [low, middle, high] = [
    row('promise-all', [20, 20, 20]),
    row('bounded-pool', [16, 19, 22]),
    row('worker-threads', [25, 25, 25]),
  ];
  assert.equal(
    finding(ioComparison([low, middle, high])),
    'fetch-order: no clear winner among bounded-pool, promise-all and worker-threads.',
  );
});

test('those who share the lead are set against sequential only where each of them is beyond doubt faster', () => {
  const near = row('sequential', [28, 28, 28]);
  const [one, other] = [row('promise-all', [20, 20, 20]), row('bounded-pool', [20, 24, 28])];
  assert.doesNotMatch(finding(ioComparison([near, one, other]))!, /as fast as/);
});

test('a row with failures is never the fastest', () => {
  const broken = row('promise-all', [1, 1, 1], { failed: 1 });
  const fast = row('bounded-pool', [100, 101, 102], { speedup: 9.91 });
  assert.match(finding(ioComparison([slow, fast, broken]))!, /bounded-pool is fastest/);
});

test('fewer than two good rows make no finding', () => {
  assert.equal(finding(ioComparison([slow])), undefined);
  assert.equal(finding(ioComparison([slow, { approach: 'blocking', error: 'exit code 1' }])), undefined);
});

test('an approach with too few trials is not ranked, and no ratio is told against it', () => {
  const once = row('sequential', [120_000]);
  const [all, pool] = [
    row('promise-all', [20, 21, 22], { speedup: 5714 }),
    row('bounded-pool', [90, 91, 92]),
  ];
  assert.equal(
    finding(ioComparison([once, all, pool])),
    'fetch-order: promise-all is fastest; sequential: fewer than 3 trials, so not ranked.',
  );
  assert.equal(
    finding(ioComparison([once, all])),
    'fetch-order: too few trials to say who is fastest; each approach needs 3 (--repeats 3).',
  );
});

test('at the limits of an API it is said who lost orders, and that approach is no winner', () => {
  const stoves = { count: 8, queue: 8 };
  const all = row('promise-all', [20, 20, 20], { succeeded: 16, failed: 24 });
  const rows = [all, row('bounded-pool', [100, 101, 102]), row('adaptive', [150, 151, 152])];
  assert.equal(
    finding(ioComparison(rows, { stoves })),
    'fetch-order with limits: bounded-pool is fastest; promise-all lost 24 of 40.',
  );
  // Faults were asked for: a loss says nothing of the limits.
  assert.doesNotMatch(finding(ioComparison(rows, { stoves, faults: { reset: 0.5 } }))!, /lost/);
  assert.doesNotMatch(finding(ioComparison(rows))!, /lost/);
});
