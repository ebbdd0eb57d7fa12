import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Comparison, Row } from '../../../src/measure/comparison.ts';
import { claimsOf } from '../../../src/report/claims.ts';
import { REPORT_MARK, reportPage } from '../../../src/report/html/page.ts';
import { sideBySidePage } from '../../../src/report/html/side-by-side.ts';
import { cpuComparison, ioComparison, quietEnvironment, row } from '../samples.ts';
import { defaultRun, tenThousand, wavesRow } from './runs.ts';

test('the finding comes first, then the picture, the bars, the claims, and how they were made', () => {
  const text = reportPage(defaultRun());
  const parts = ['<h1>', 'class="picture"', 'class="figures"', 'id="claims"', 'id="making"'];
  const places = parts.map((part) => text.indexOf(part));
  assert.ok(places[0]! > 0);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('a report of the default size stays under 1 MB, and one of 10,000 requests too', () => {
  for (const run of [defaultRun(), tenThousand()]) {
    const { length } = Buffer.from(reportPage(run));
    assert.ok(length < 1e6, String(length));
  }
});

test('a row without a speed-up and a part of its limit, as one with failures has it, shows neither', () => {
  const praised = (more: Partial<Row>) => {
    const rows = [row('sequential', [20]), row('promise-all', [10], { ofLimit: 0.5, ...more })];
    const page = reportPage({
      environment: quietEnvironment(),
      comparisons: [ioComparison(rows)],
      claims: [],
    });
    return /7\.00×|50 %/.test(page);
  };
  assert.deepEqual([praised({ speedup: 7 }), praised({ ofLimit: null })], [true, false]);
});

test('what a job that computes does is called tasks everywhere, and what waits requests', () => {
  const lanes = { count: 150, lanes: 1, tookMs: 1 };
  const wordsOf = (comparison: Comparison) =>
    reportPage({ environment: quietEnvironment(), comparisons: [comparison], claims: [] })
      .replace(/<style>.*<\/style>|<script>.*<\/script>/gs, '')
      .match(/\d (?:requests?|tasks?)\b|The (?:requests|tasks) of the picture/g)!
      .map((words) => words.split(' ')[1]);
  const rows = [wavesRow('sequential', lanes), row('blocking', [2])];
  assert.deepEqual(new Set(wordsOf(cpuComparison(rows))), new Set(['tasks']));
  assert.deepEqual(new Set(wordsOf(ioComparison(rows))), new Set(['requests']));
});

test('a report is known as ours by its first bytes', () => {
  assert.ok(reportPage(defaultRun()).slice(0, 1000).includes(REPORT_MARK));
});

test('the policy of the page allows its own style and script and nothing else', () => {
  const text = reportPage(defaultRun());
  const [, policy] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(text)!;
  assert.match(policy!, /^default-src &#39;none&#39;;/);
  for (const element of ['style', 'script']) {
    const blocks = [...text.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))];
    assert.equal(blocks.length, 1);
    const hash = createHash('sha256').update(blocks[0]![1]!).digest('base64');
    assert.ok(policy!.includes(hash), element);
  }
  assert.doesNotMatch(text, /\son[a-z]+="|\sstyle="/);
});

test('a report names no place outside itself', () => {
  const urls = reportPage(defaultRun()).match(/https?:|\burl\((?!['"]?#)|\bsrc=|@import/g);
  assert.equal(urls, null);
});

test('two runs stand beside each other under their names, on one axis for each job', () => {
  const slow = ioComparison([row('sequential', [20])]);
  const fast = ioComparison([row('sequential', [10], { limitMs: 5 })]);
  const side = (name: string, ...comparisons: Comparison[]) => {
    return { name, run: { environment: quietEnvironment(), comparisons, claims: claimsOf(comparisons) } };
  };
  const text = sideBySidePage([
    side('a<b.json', slow),
    side('b.json', fast, cpuComparison([row('blocking', [9])])),
  ]);
  assert.ok(text.includes('a&lt;b.json') && !text.includes('a<b.json'));
  assert.ok(text.includes('price-order: only in b.json.'));
  assert.ok(text.includes('This run has no price-order.'));
});

/** WCAG 2: relative luminance and contrast. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = colour.match(/[0-9a-f]{2}/g)!.map((pair) => {
      const part = parseInt(pair, 16) / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

test('every colour of text has a contrast of 4.5 to the page, in light and in dark', () => {
  const style = readFileSync(new URL('../../../src/report/html/report.css', import.meta.url), 'utf8');
  const themes = [...style.matchAll(/:root \{(.*?)\}/gs)].map(([, body]) =>
    Object.fromEntries(
      [...body!.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
    ),
  );
  assert.equal(themes.length, 2);
  const TEXT = [
    'ink',
    'muted',
    'failed',
    'blocking',
    'sequential',
    'promise-all',
    'bounded-pool',
    'worker-threads',
  ];
  for (const theme of themes) {
    for (const name of [...TEXT, 'holds', 'differs']) {
      for (const ground of ['paper', 'card']) {
        const reached = contrast(theme[name], theme[ground]);
        assert.ok(reached >= 4.5, `${name} on ${ground}: ${reached.toFixed(2)}`);
      }
    }
  }
});
