import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceLine, differences, differenceTable } from '../../../src/report/html/difference.ts';
import { cpuComparison, ioComparison, row } from '../samples.ts';

const steady = (ms: number) => [ms, ms + 0.1, ms - 0.1];
const before = ioComparison([row('sequential', steady(100)), row('bounded-pool', steady(20))]);

test('the largest difference that the spreads allow is named, in the words of the second run', () => {
  const after = ioComparison([row('sequential', steady(100)), row('bounded-pool', steady(10))]);
  assert.equal(
    differenceLine(before, after, 'b.json'),
    'fetch-order: 1 of 2 approaches differ in time; most of all bounded-pool, 0.50× as long in b.json.',
  );
});

test('where spreads overlap there is no difference to be seen', () => {
  assert.equal(
    differenceLine(
      before,
      ioComparison([row('sequential', [99, 101, 105]), row('bounded-pool', steady(20))]),
      'b',
    ),
    'fetch-order: no difference in time to be seen in any approach.',
  );
});

test('runs with different settings are not compared, and the settings are named', () => {
  const other = ioComparison(before.rows, { latencyMs: 30, faults: { stall: 0.1 } });
  assert.deepEqual(differences(before, other), ['latency', 'faults']);
  assert.match(
    differenceLine(before, other, 'b'),
    /the runs differ in latency, faults, so no time is compared/,
  );
  const { text } = differenceTable(before, other, ['a', 'b']);
  assert.equal(text.match(/not the same settings/g)?.length, 4);
});

test('runs of a job that computes differ in what it costs and how much of it there was', () => {
  assert.deepEqual(differences(cpuComparison([]), cpuComparison([])), []);
  assert.deepEqual(differences(cpuComparison([]), cpuComparison([], { costMs: 9, threads: 3 })), [
    'cost',
    'threads',
  ]);
});

test('a job that waited in one run and computed in the other is not compared', () => {
  assert.deepEqual(differences(ioComparison([]), cpuComparison([])), ['what the job does']);
});

test('a run with failures is no evidence', () => {
  const other = ioComparison([row('sequential', steady(10), { failed: 1 })]);
  assert.match(differenceLine(before, other, 'b'), /no approach was measured without failures in both runs/);
  for (const [one, two] of [
    [before, other],
    [other, before],
    [other, other],
  ] as const) {
    const { text } = differenceTable(one, two, ['a', 'b']);
    assert.doesNotMatch(text, /0\.10×|10\.0×|1\.00×|no difference/);
    assert.equal(text.match(/had failures/g)?.length, 2);
  }
});

test('one approach that can be compared is not called all of them', () => {
  const [only] = before.rows;
  const after = ioComparison([row('sequential', steady(50))]);
  assert.equal(
    differenceLine(ioComparison([only!]), after, 'b'),
    'fetch-order: sequential, the only approach to compare, takes 0.50× as long in b.',
  );
});

test('an approach that one run lacks has a row without a ratio', () => {
  const { text } = differenceTable(before, ioComparison([row('sequential', steady(50))]), ['a', 'b']);
  assert.equal(text.match(/<th\s+scope="row">/g)?.length, 2);
  assert.equal(text.match(/0\.50×/g)?.length, 1);
  assert.equal(text.match(/>–</g)?.length, 4);
});
