import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonText } from '../../src/report/compare.ts';
import { differenceText } from '../../src/report/difference.ts';
import { hiddenWinnerLine } from '../../src/report/far-off.ts';
import { finding } from '../../src/report/finding.ts';
import { plain } from '../../src/report/paint.ts';
import { ioComparison, row } from './samples.ts';

const unlucky = ioComparison([row('sequential', [162, 162, 163]), row('bounded-pool', [91, 300, 92])]);
const LINE =
  'bounded-pool took 300 ms in one trial, 91.0 ms to 92.0 ms in the others. That alone hides the difference between bounded-pool and sequential; --repeats 6 sees past it.';

test('one trial that hides the winner is named under the finding', () => {
  assert.equal(finding(unlucky), 'fetch-order: bounded-pool and sequential: no clear difference.');
  assert.equal(hiddenWinnerLine(unlucky), LINE);
  const text = comparisonText(unlucky, { paint: plain, verbose: false, explain: true }).join(' ');
  assert.ok(text.includes(LINE), text);
});

test('with six trials one such trial hides nothing, as the line says', () => {
  const lucky = ioComparison([
    row('sequential', [162, 162, 163, 162, 162, 163], { speedup: 1 }),
    row('bounded-pool', [91, 300, 92, 91, 92, 92], { speedup: 1.77 }),
  ]);
  assert.equal(finding(lucky), 'fetch-order: bounded-pool is fastest, 1.77× as fast as sequential.');
  assert.equal(hiddenWinnerLine(lucky), undefined);
});

test('nothing is said of what is clear, of what failed, and of what stays unclear without that trial', () => {
  for (const rows of [
    [row('sequential', [162, 162, 163]), row('bounded-pool', [91, 92, 92])],
    [row('sequential', [162, 162, 163]), row('bounded-pool', [91, 300, 92], { failed: 1 })],
    [row('sequential', [91, 92, 93]), row('bounded-pool', [91, 300, 92])],
    [row('bounded-pool', [91, 300, 92])],
    [],
  ]) {
    assert.equal(hiddenWinnerLine(ioComparison(rows)), undefined);
  }
});

test('two trials that hide it together are both named, of an approach in two runs too', () => {
  const before = ioComparison([row('bounded-pool', [162, 500, 163])]);
  const after = ioComparison([row('bounded-pool', [91, 300, 91])]);
  assert.ok(
    differenceText(before, after, plain)
      .join(' ')
      .includes(
        'bounded-pool in A took 500 ms in one trial, 162 ms to 163 ms in the others. bounded-pool in B took 300 ms in one trial, 91.0 ms in the others. That alone hides the difference between bounded-pool in A and bounded-pool in B; --repeats 6 sees past it.',
      ),
  );
});
