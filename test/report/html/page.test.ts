import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Comparison, Row } from '../../../src/measure/comparison.ts';
import * as fc from 'fast-check';
import { JOBS } from '../../../src/jobs/open.ts';
import { APPROACHES, type ApproachName } from '../../../src/running/registry.ts';
import { claimsOf, claimsText } from '../../../src/report/claims.ts';
import { comparisonText } from '../../../src/report/compare.ts';
import { plain } from '../../../src/report/paint.ts';
import { REPORT_MARK, reportPage } from '../../../src/report/html/page.ts';
import { sideBySidePage } from '../../../src/report/html/side-by-side.ts';
import { sweepPage } from '../../../src/report/html/sweep.ts';
import { sweepText } from '../../../src/report/sweep.ts';
import { spreadOf } from '../../../src/measure/statistics.ts';
import type { Sweep, SweepPoint } from '../../../src/measure/sweep.ts';
import { cpuComparison, ioComparison, quietEnvironment, row, span } from '../samples.ts';
import { defaultRun, runOf, tenThousand, thread, wavesRow } from './runs.ts';

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

// More than a function takes as arguments: a `Math.max(...)` of them would throw.
test('200,000 spans become a page of the same size, and a text that fits a screen', () => {
  const lanes = { count: 200_000, tookMs: 1 };
  const run = runOf(
    ioComparison(
      [
        wavesRow('bounded-pool', { ...lanes, lanes: 10 }),
        wavesRow('worker-threads', { ...lanes, lanes: 4, more: thread }),
      ],
      { requests: 200_000 },
    ),
  );
  const { length } = Buffer.from(reportPage(run));
  assert.ok(length < 1e6, String(length));
  const lines = comparisonText(run.comparisons[0]!, { paint: plain, verbose: true, explain: true });
  assert.ok(lines.length < 60, String(lines.length));
});

test('a row with failures has no speed-up and no part of its limit, and shows neither', () => {
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

test('a report names no place outside itself but the article, as a link', () => {
  const text = reportPage(defaultRun());
  assert.equal(text.match(/\burl\((?!['"]?#)|\bsrc=|@import/g), null);
  assert.deepEqual(text.match(/\S*https?:[^\s"']*/g), ['href="https://yigebao.com/en/content/aid/2904']);
});

test('the page says what each job and each approach is, and whose claims it judges', () => {
  const rows = (Object.keys(APPROACHES) as ApproachName[]).map((name) => row(name, [20]));
  const text = reportPage(runOf(ioComparison(rows), cpuComparison(rows)));
  for (const { summary } of [...Object.values(APPROACHES), JOBS['fetch-order'], JOBS['price-order']]) {
    assert.ok(text.includes(`>${summary}</p>`), summary);
  }
  assert.match(text, /In-Depth Analysis of Python Asynchronous Programming/);
});

test('a busy machine is told directly under the findings, and a quiet one is not', () => {
  const run = defaultRun();
  const pageAt = (takenByOthers: number) =>
    reportPage({ ...run, environment: { ...run.environment, takenByOthers } });
  assert.match(pageAt(0.5), /<\/header>\s*<main>\s*<p class="doubt">The machine was busy/);
  assert.doesNotMatch(pageAt(0.05), /class="doubt"/);
});

test('the lag in the picture is that of the run in the picture, and not of a longer one', () => {
  const rows = [
    row('blocking', [1120], {
      loopDelayMs: { p99: 1100, max: 1620 },
      loopTrack: { startMs: 0, stepMs: 5, lateMs: [0, 1110, 0] },
    }),
  ];
  const text = reportPage(runOf(ioComparison(rows)));
  assert.match(text, /event loop lag <b>1\.11 s<\/b>/);
  assert.match(text, /<th scope="col">longest, all runs<\/th>/);
});

const oddFigure = fc.oneof(
  fc.constantFrom(0, 5e-324, 1e-100, 1, 1e15),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
);

const withoutStyleAndScript = (page: string): string =>
  page.replaceAll(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '');

function assertOnlyFigures(text: string): void {
  const at = text.search(/NaN|Infinity/);
  assert.equal(at, -1, text.slice(Math.max(0, at - 60), at + 20));
}

// A memory baseline of 1e15 MiB over a peak of nearly nothing made a bar `Infinity%` wide.
const HUGE_BASELINE: readonly number[] = Array.from({ length: 16 }, (_, index) =>
  index === 8 ? 1e15 : 1e-294,
);

test('no figure of a run reads NaN or Infinity, however odd the run', () => {
  fc.assert(
    fc.property(fc.array(oddFigure, { minLength: 16, maxLength: 16 }), (values) => {
      const [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = values as [number, ...number[]] & number[];
      const made = (approach: 'sequential' | 'worker-threads') =>
        row(approach, [a, b!, c!], {
          speedup: d!,
          limitMs: e!,
          ofLimit: f!,
          peakInFlight: g!,
          cpuMs: h!,
          cpuSamplesMs: [h!],
          memory: { baselineMiB: i!, peakMiB: j!, overBaselineMiB: k!, peaksMiB: [j!, i!, k!] },
          loopDelayMs: { p99: l!, max: m! },
          loopUtilization: n!,
          spans: [span(1, o!, Math.max(o!, p!)), span(2, o!, o!)],
          loopTrack: { startMs: o!, stepMs: a, lateMs: [b!, c!] },
        });
      const rows = [made('sequential'), made('worker-threads')];
      const size = { requests: a, concurrency: b!, threads: c!, limitMs: d! };
      const run = runOf(
        ioComparison(rows, { ...size, latencyMs: e!, jitterMs: f!, faults: { stall: g! }, mockCostMs: h! }),
        cpuComparison(rows, { ...size, processes: i!, costMs: j!, machineSpeedup: k! }),
      );
      const side = { name: 'a', run };
      const texts = [
        withoutStyleAndScript(reportPage(run)),
        withoutStyleAndScript(sideBySidePage([side, side])),
        ...run.comparisons.flatMap((comparison) =>
          comparisonText(comparison, { paint: plain, verbose: true, explain: true }),
        ),
        ...claimsText(run.claims, { paint: plain, verbose: true }),
      ];
      for (const text of texts) assertOnlyFigures(text);
    }),
    { numRuns: 60, examples: [[[...HUGE_BASELINE]]] },
  );
});

test('no figure of a sweep reads NaN or Infinity, however odd the sweep', () => {
  fc.assert(
    fc.property(fc.array(oddFigure, { minLength: 10, maxLength: 10 }), (values) => {
      const [a, b, c, d, e, f, g, h, i, j] = values as [number, ...number[]] & number[];
      const pointOf = (concurrency: number, [perS, mad, median, p95, memoryMiB]: number[]): SweepPoint => ({
        concurrency,
        tasks: 20,
        throughputPerS: perS!,
        throughput: { ...spreadOf([perS!, perS!, perS!]), mad: mad! },
        latencyMs: { median: median!, p95: p95! },
        memoryMiB: memoryMiB!,
        failed: 0,
      });
      const sweep: Sweep = {
        job: 'my.ts',
        approach: 'bounded-pool',
        points: [pointOf(1, [a, b!, c!, d!, e!]), pointOf(2, [f!, g!, h!, i!, j!])],
        ended: { why: 'latency', times: a },
        finding: { what: 'found', concurrency: 2 },
      };
      const environment = quietEnvironment();
      const texts = [
        withoutStyleAndScript(sweepPage({ environment, sweep, notes: [], code: [] })),
        ...sweepText(sweep, { paint: plain }),
      ];
      for (const text of texts) assertOnlyFigures(text);
    }),
    { numRuns: 60 },
  );
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
  assert.match(text, /price-order<\/b>: only in b\.json\./);
  assert.ok(text.includes('This run has no price-order.'));
});

const STYLE = readFileSync(new URL('../../../src/report/html/report.css', import.meta.url), 'utf8');

/** The colours of the light and of the dark page, by name. */
const themesOf = (style: string): Array<Record<string, string>> =>
  [...style.matchAll(/:root \{(.*?)\}/gs)].map(([, body]) =>
    Object.fromEntries(
      [...body!.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!]),
    ),
  );

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

/** What a colour looks like, as L*a*b*, to somebody who sees with these cones (Machado 2009); the unit matrix is all. */
const SIGHTS = {
  'all colours': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  'no red cones': [0.152, 1.053, -0.205, 0.115, 0.786, 0.099, -0.004, -0.048, 1.052],
  'no green cones': [0.367, 0.861, -0.228, 0.28, 0.673, 0.047, -0.012, 0.043, 0.969],
  'no blue cones': [1.256, -0.077, -0.179, -0.078, 0.931, 0.148, 0.005, 0.691, 0.304],
};

function seen(colour: string, sight: readonly number[]): number[] {
  const linear = colour.match(/[0-9a-f]{2}/g)!.map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [red, green, blue] = [0, 3, 6].map((from) =>
    Math.min(
      1,
      Math.max(
        0,
        linear.reduce((sum, part, index) => sum + part * sight[from + index]!, 0),
      ),
    ),
  ) as [number, number, number];
  const root = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47);
  const y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test('no two approaches look alike, in light and in dark, whatever colours one sees', () => {
  for (const theme of themesOf(STYLE)) {
    for (const [who, sight] of Object.entries(SIGHTS)) {
      for (const one of Object.keys(APPROACHES)) {
        for (const other of Object.keys(APPROACHES).filter((name) => name > one)) {
          const [a, b] = [seen(theme[one]!, sight), seen(theme[other]!, sight)];
          const distance = Math.hypot(...a.map((part, index) => part - b[index]!));
          assert.ok(distance >= 12, `${one} and ${other} with ${who}: ${distance.toFixed(1)}`);
        }
      }
    }
  }
});

test('every colour of text has a contrast of 4.5 to the page, in light and in dark', () => {
  const themes = themesOf(STYLE);
  assert.equal(themes.length, 2);
  const TEXT = ['ink', 'muted', 'failed', ...Object.keys(APPROACHES)];
  for (const theme of themes) {
    for (const name of [...TEXT, 'holds', 'differs']) {
      for (const ground of ['paper', 'card']) {
        const reached = contrast(theme[name]!, theme[ground]!);
        assert.ok(reached >= 4.5, `${name} on ${ground}: ${reached.toFixed(2)}`);
      }
    }
  }
});
