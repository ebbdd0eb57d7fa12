import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceTable } from '../../../src/report/html/difference.ts';
import { ioComparison, row } from '../samples.ts';

test('an approach that one run lacks has a row without a ratio', () => {
  const before = ioComparison([row('sequential', [100, 100, 100]), row('bounded-pool', [20, 20, 20])]);
  const after = ioComparison([row('sequential', [50, 50, 50])]);
  const { text } = differenceTable(before, after, ['a', 'b']);
  assert.equal(text.match(/<th\s+scope="row">/g)?.length, 2);
  assert.equal(text.match(/0\.50×/g)?.length, 1);
  assert.equal(text.match(/>–</g)?.length, 4);
});
