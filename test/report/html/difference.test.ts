import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLine, changes, differenceLine, differenceTable } from '../../../src/report/html/difference.ts';
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
    'fetch-order with concurrency 20 instead of 10: 1 of 2 approaches differ in time; most of all bounded-pool, 0.50× as long in b.',
  );
  assert.match(
    changeLine(before, other, ['a', 'b'])!,
    /^What was changed: concurrency is 10 in a, 20 in b; faults is none in a, stall 10 % in b\./,
  );
  assert.match(differenceTable(before, other, ['a', 'b']).text, /0\.50×/);
  assert.equal(changeLine(before, before, ['a', 'b']), undefined);
});

test('of a job that computes its cost is a setting, and nothing of an API', () => {
  const names = changes(cpuComparison([]), cpuComparison([], { costMs: 9, threads: 3 })).map(
    ({ name }) => name,
  );
  assert.deepEqual(names, ['threads', 'cost']);
});

test('a ratio that chance may explain, or that too few trials made, says so', () => {
  const cell = (ms: readonly number[]) =>
    differenceTable(before, ioComparison([row('sequential', ms)]), ['a', 'b']).text.match(/[\d.]+×[^<]*/)![0];
  assert.equal(cell([90, 110, 130]), '1.10×, may be chance');
  assert.equal(cell([50]), '0.50×, too few trials');
  assert.equal(cell([50, 50, 50]), '0.50×');
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
