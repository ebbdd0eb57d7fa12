import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suitePage } from '../../bench/suite-page.ts';
import { SUITE } from './suite-report.ts';

test('a suite has its finding, a bar for each number, a table, its failures, and the command', () => {
  const text = suitePage(SUITE);
  for (const part of [
    'pools: &lt;ours&gt; is fastest.',
    'at 10 &amp; more',
    'npm run bench -- pools',
    '26.10.0',
  ]) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /<li>every &lt;turn&gt; is a process<\/li>/);
  assert.match(text, /<td>7 ns<\/td>\s*<td>kept<\/td>/);
  // The largest figure, its spread included, reaches the edge; words and minor figures have no bars.
  const widths = [...text.matchAll(/class="amount"\s+x="0%"\s+y="3"\s+width="([^"]+)"/g)].map(
    ([, width]) => width,
  );
  assert.deepEqual(widths, ['25%', '100%']);
  assert.match(text, /broken: &lt;b&gt;threw&lt;\/b&gt;/);
  assert.match(text, /<th\s+scope="row">theirs<\/th>\s*<td>400 ns<\/td>\s*<td>–<\/td>\s*<td>–<\/td>/);
});
