import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, differenceLine, differenceText, rowDifferences } from '../../src/report/difference.ts';
import { plain } from '../../src/report/paint.ts';
import { changeLine } from '../../src/report/two-runs.ts';
import { cpuComparison, ioComparison, row } from './samples.ts';

const steady = (ms: number) => [ms, ms + 0.1, ms - 0.1];
const before = ioComparison([row('sequential', steady(100)), row('bounded-pool', steady(20))]);

test('the largest difference that the spreads allow is named, in the words of the second run', () => {
  const after = ioComparison([row('sequential', steady(100)), row('bounded-pool', steady(10))]);
  assert.equal(
    differenceLine(before, after, 'b.json'),
    'fetch-order: 1 of 2 approaches differs in time, bounded-pool: 2.00× as fast in b.json.',
  );
});

test('where spreads overlap there is no difference to be seen', () => {
  assert.equal(
    differenceLine(
      before,
      ioComparison([row('sequential', [99, 101, 105]), row('bounded-pool', steady(20))]),
      'b',
    ),
    'fetch-order: no difference in time that is beyond doubt, in any approach.',
  );
});

test('runs with other settings are compared too, and it is said what was changed', () => {
  const other = ioComparison([row('sequential', steady(100)), row('bounded-pool', steady(10))], {
    concurrency: 20,
    faults: { stall: 0.1 },
  });
  assert.deepEqual(changes(before, other), [
    { name: 'concurrency', one: '10', other: '20' },
    { name: 'faults', one: 'none', other: 'stall 10 %' },
  ]);
  assert.equal(
    differenceLine(before, ioComparison(other.rows, { concurrency: 20 }), 'b'),
    'fetch-order with concurrency 20 instead of 10: 1 of 2 approaches differs in time, bounded-pool: 2.00× as fast in b.',
  );
  assert.match(
    changeLine(changes(before, other), ['a', 'b'])!,
    /^What was changed: concurrency \(10 in a, 20 in b\); faults \(none in a, stall 10 % in b\)\. /,
  );
  assert.equal(changeLine(changes(before, before), ['a', 'b']), undefined);
});

test('of a job that computes its cost is a setting, and nothing of an API', () => {
  const names = changes(cpuComparison([]), cpuComparison([], { costMs: 9, threads: 3 })).map(
    ({ name }) => name,
  );
  assert.deepEqual(names, ['threads', 'cost']);
});

test('the approach that changed most is named among all that differ', () => {
  const after = ioComparison([row('sequential', steady(110)), row('bounded-pool', steady(60))]);
  assert.equal(
    differenceLine(before, after, 'b'),
    'fetch-order: 2 of 2 approaches differ in time; most of all bounded-pool: 3.00× as long in b.',
  );
});

test('too few trials prove nothing, and it is said how many would be enough', () => {
  const once = ioComparison([row('sequential', [50])]);
  assert.equal(
    differenceLine(before, once, 'b'),
    'fetch-order: too few trials to say anything; each run needs 3 (--repeats 3).',
  );
});

test('a ratio that chance may explain, or that too few trials made, says so', () => {
  const cell = (ms: readonly number[]) =>
    rowDifferences(before, ioComparison([row('sequential', ms)])).find(({ other }) => other)!.time;
  assert.equal(cell([90, 110, 130]), '1.10×, no clear difference');
  assert.equal(cell([50]), '0.50×, too few trials');
  assert.equal(cell([50, 50, 50]), '0.50×');
  assert.equal(cell([48, 50, 52]), '0.50× (0.48× to 0.52×)');
});

test('a run with failures is no evidence', () => {
  const other = ioComparison([row('sequential', steady(10), { failed: 1 })]);
  assert.match(differenceLine(before, other, 'b'), /no approach was measured without failures in both runs/);
  for (const [one, two] of [
    [before, other],
    [other, before],
    [other, other],
  ] as const) {
    const [sequential] = rowDifferences(one, two);
    assert.deepEqual([sequential!.time, sequential!.memory], ['had failures', 'had failures']);
  }
});

test('one approach that can be compared is not called all of them', () => {
  const [only] = before.rows;
  const after = ioComparison([row('sequential', steady(50))]);
  assert.equal(
    differenceLine(ioComparison([only!]), after, 'b'),
    'fetch-order: sequential, the only approach to compare: 2.00× as fast in b.',
  );
});

test('a terminal shows what was changed, and the times of both runs in 80 columns', () => {
  const after = ioComparison([row('sequential', steady(100)), row('bounded-pool', [9, 10, 11])], {
    concurrency: 20,
  });
  const lines = differenceText(before, after, plain);
  assert.deepEqual(lines, [
    'fetch-order with concurrency 20 instead of 10: 1 of 2 approaches differs in',
    'time, bounded-pool: 2.00× as fast in B.',
    'What was changed: concurrency (10 in A, 20 in B). The ratios include this',
    'change.',
    'approach            time, A         time, B  B / A',
    'sequential     100 ms ± 0 %    100 ms ± 0 %  1.00×, no clear difference',
    'bounded-pool  20.0 ms ± 1 %  10.0 ms ± 10 %  0.50× (0.45× to 0.55×)',
  ]);
});
