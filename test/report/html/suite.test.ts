import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadOf } from '../../../src/measure/statistics.ts';
import { suitePage, type SuiteReport } from '../../../src/report/html/suite.ts';

const show = ({ median }: { median: number }) => `${median} ns`;
const report: SuiteReport = {
  findings: ['pools: <ours> is fastest.'],
  sections: [
    {
      title: 'no-op tasks',
      note: 'at 10 & more',
      columns: [
        { title: 'time a task', show },
        { title: 'order', show },
      ],
      rows: [
        { name: 'ours', figures: [spreadOf([100, 110, 90]), 'kept'] },
        { name: 'theirs', figures: [spreadOf([400])] },
        { name: 'broken', error: '<b>threw</b>' },
      ],
    },
  ],
  facts: [['Node', '26.10.0']],
  command: 'npm run bench -- pools',
};

test('a suite has its finding, a bar for each number, a table, its failures, and the command', () => {
  const text = suitePage(report);
  for (const part of [
    'pools: &lt;ours&gt; is fastest.',
    'at 10 &amp; more',
    'npm run bench -- pools',
    '26.10.0',
  ]) {
    assert.ok(text.includes(part), part);
  }
  // The largest figure, its spread included, reaches the edge; words have no bars.
  const widths = [...text.matchAll(/class="amount"\s+x="0%"\s+y="3"\s+width="([^"]+)"/g)].map(
    ([, width]) => width,
  );
  assert.deepEqual(widths, ['25%', '100%']);
  assert.match(text, /broken: &lt;b&gt;threw&lt;\/b&gt;/);
  assert.match(text, /<th\s+scope="row">theirs<\/th>\s*<td>400 ns<\/td>\s*<td>–<\/td>/);
});
