import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headline } from '../../src/report/headline.ts';
import { ioComparison, row } from './samples.ts';

const crashed = { approach: 'blocking', error: 'crashed' } as const;
const half = { succeeded: 1, failed: 1 };
const none = { succeeded: 0, failed: 2 };

test('where approaches can be compared, the finding is the same as on the terminal', () => {
  const rows = [row('sequential', [100, 101, 100]), row('promise-all', [10, 10, 10], { speedup: 10 })];
  assert.equal(
    headline(ioComparison(rows)),
    'fetch-order: promise-all is fastest, 10.0× as fast as sequential.',
  );
});

test('one approach alone is told with its time and how near it comes to the ideal', () => {
  assert.equal(
    headline(ioComparison([row('bounded-pool', [20])])),
    'fetch-order: bounded-pool took 20.0 ms for 2 requests, 100 % of ideal.',
  );
});

test('where there is no ideal time, none is named', () => {
  assert.equal(
    headline(ioComparison([row('bounded-pool', [20], { ofLimit: null })])),
    'fetch-order: bounded-pool took 20.0 ms for 2 requests.',
  );
});

test('one approach that is left says so', () => {
  assert.match(
    headline(ioComparison([crashed, row('bounded-pool', [20]), row('sequential', [30], half)])),
    /for 2 requests, the only approach without a failure, 100 % of ideal\.$/,
  );
});

test('without a measurement, without a success, or with failures everywhere no time is praised', () => {
  assert.equal(headline(ioComparison([crashed])), 'fetch-order: no approach ended with a measurement.');
  const empty = [row('bounded-pool', [20], none), row('sequential', [30], none)];
  assert.equal(headline(ioComparison(empty)), 'fetch-order: nothing succeeded, so no time counts.');
  const mixed = [row('bounded-pool', [20], half), row('sequential', [30], none)];
  assert.equal(
    headline(ioComparison(mixed)),
    'fetch-order: every approach had failures, so no time is compared.',
  );
});
