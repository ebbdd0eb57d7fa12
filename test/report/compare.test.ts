import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { test } from 'node:test';
import type { Comparison, CpuComparison, IoComparison } from '../../src/measure/comparison.ts';
import { comparisonText, type ComparisonTextOptions } from '../../src/report/compare.ts';
import { busyLine } from '../../src/report/machine.ts';
import { printable } from '../../src/printable.ts';
import { claimsOf, claimsText } from '../../src/report/claims.ts';
import { runAdvice } from '../../src/report/run-advice.ts';
import { coloured, plain, WIDTH, wrapped } from '../../src/report/paint.ts';
import { aboveIdealLine, idealLine } from '../../src/report/settings.ts';
import { reportPage } from '../../src/report/html/page.ts';
import { cpuComparison, ioComparison, quietEnvironment, row, span } from './samples.ts';

const rows = [
  row('sequential', [1000, 1001, 1002], { speedup: 1, ofLimit: 0.93 }),
  row('worker-threads', [100, 101, 102], { speedup: 9.91, peakInFlight: 10, cpuMs: 72 }),
];

const text = (comparison: Comparison, more: Partial<ComparisonTextOptions> = {}) =>
  comparisonText(comparison, { paint: plain, verbose: false, explain: true, ...more });

test('the first line is the answer, and what casts doubt on it stands directly under it', () => {
  const [first, second, third] = text(ioComparison(rows), { doubt: 'The machine was busy.' });
  assert.equal(first, 'fetch-order: worker-threads is fastest, 9.91× as fast as sequential.');
  assert.equal(second, 'The machine was busy.');
  assert.equal(third, '2 requests of 10 ms, concurrency 10, 10 threads, loopback network, seed 1');
});

test('each row shows time, spread, speed-up, share of the ideal time, memory and event loop lag', () => {
  const line = text(ioComparison(rows)).find((line) => line.startsWith('sequential  '))!;
  assert.match(line, /^sequential +1\.00 s ± 0 % +1\.00× +93 % +\+10\.0 MiB +1\.00 ms$/);
});

test('every column is explained in one line, once in a run, but for what is ideal here', () => {
  const explained = (lines: string[]) =>
    lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.slice(2, 13).trim());
  const io = text(ioComparison(rows));
  assert.deepEqual(explained(io), ['time', 'speed-up', 'memory', 'loop late', 'of ideal', 'mock']);
  const [header] = io.filter((line) => line.startsWith('approach'));
  for (const title of header!.split(/ {2,}/).slice(1)) assert.ok(explained(io).includes(title), title);
  assert.deepEqual(explained(text(cpuComparison(rows), { explain: false })), ['of ideal']);
});

test('every line fits 80 columns, in colour and without; without colour there is no escape code', () => {
  for (const comparison of [ioComparison(rows), cpuComparison(rows)]) {
    for (const verbose of [false, true]) {
      const bare = text(comparison, { verbose });
      const painted = text(comparison, { verbose, paint: coloured });
      for (const line of bare) assert.ok(line.length <= 80, `${line.length}: ${line}`);
      assert.equal(bare.join('\n'), stripVTControlCharacters(bare.join('\n')));
      assert.notDeepEqual(painted, bare);
      assert.deepEqual(painted.map(stripVTControlCharacters), bare);
    }
  }
});

test('long settings, ideal times and errors are wrapped, and an error keeps its own lines', () => {
  const error = `the process ended with exit code 1: ${'a reason that goes on and on, '.repeat(4)}\nand a second line`;
  const crowd = { requests: 1_000_000, concurrency: 100_000, threads: 1000 };
  const faults = { reset: 0.123456789, 'reset-body': 0.123456789, endless: 0.123456789 };
  const lines = [
    ...text(
      ioComparison([...rows, { approach: 'blocking', error }], {
        ...crowd,
        seed: 2 ** 31,
        jitterMs: 60_000,
        faults,
      }),
      { verbose: true },
    ),
    ...text(cpuComparison(rows, { ...crowd, processes: 64, limitMs: 1e7, costMs: 1234.567 })),
  ];
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  assert.ok(lines.includes('and a second line'));
});

test('a trial that crashed is a line of its own, with its reason, and has no place in the tables', () => {
  const lines = text(ioComparison([...rows, { approach: 'blocking', error: 'exit code 9' }]), {
    verbose: true,
  });
  assert.deepEqual(
    lines.filter((line) => line.startsWith('blocking')),
    ['blocking: exit code 9'],
  );
});

test('where no approach was measured, nothing stands but the answer, the settings and the reasons', () => {
  const lines = text(ioComparison([{ approach: 'blocking', error: 'exit code 9' }]), { verbose: true });
  assert.deepEqual(
    lines.filter((line) => line !== ''),
    [
      'fetch-order: no approach ended with a measurement.',
      '2 requests of 10 ms, concurrency 10, loopback network, seed 1',
      'blocking: exit code 9',
    ],
  );
});

test('faults are named with their rates as they were asked for, however small', () => {
  const faults = { reset: 0.5, stall: 0.001, '503': 0.07 };
  assert.match(
    text(ioComparison(rows, { faults })).join('\n'),
    /faults: 503 7 %, reset 50 %, stall 0\.1 %; at most 10\.0 s for a request and 0\s+retries for a run/,
  );
});

test('the settings of a job that computes name nothing of the API', () => {
  const [, settings] = text(cpuComparison(rows));
  assert.equal(settings, '2 tasks of 5 ms CPU time, concurrency 10, 2 threads');
});

const failingWith = (errors: readonly string[]) =>
  row('bounded-pool', [10, 10, 10], {
    failed: errors.length,
    succeeded: 1,
    spans: [
      span(1, 0, 1),
      ...errors.map((error, index) => span(index + 2, 0, 1, { outcome: 'failed', error })),
    ],
  });

test('failures are counted by what went wrong, the most frequent first', () => {
  const lines = text(ioComparison([failingWith(['StatusError 503', 'SyntaxError', 'SyntaxError'])]));
  assert.ok(lines.includes('bounded-pool: 3 of 4 failed: 2 × SyntaxError, 1 × StatusError 503'));
});

test('of failures that are all different a few are named and the rest is counted', () => {
  const lines = text(ioComparison([failingWith(Array.from({ length: 3000 }, (_, id) => `no order ${id}`))]));
  assert.ok(lines.length < 40, String(lines.length));
  assert.match(lines.join('\n'), /1 × no order 4, 2,995 other kinds/);
});

test('what a task threw cannot move the cursor or ring the bell', () => {
  const hostile = '\u001b[2J\u0007\u009b31m\u202esoup';
  const lines = text(ioComparison([failingWith([hostile]), { approach: 'blocking', error: hostile }]));
  for (const line of lines) assert.equal(printable(line), line);
});

test('the ideal time of I/O is told by a formula that holds: whole rounds, or the latencies as they were drawn', () => {
  const ideal = (more: Partial<IoComparison>) =>
    idealLine(ioComparison(rows, { requests: 11, latencyMs: 20, ...more }));
  assert.equal(ideal({ limitMs: 40 }), '10 at once: 2 rounds × 20 ms = 40 ms (N·L/C)');
  assert.equal(ideal({ limitMs: 20, requests: 2 }), '2 at once: 1 round × 20 ms = 20 ms (N·L/C)');
  assert.equal(ideal({ limitMs: 33, jitterMs: 5 }), '10 at once: the latencies drawn take at least 33.0 ms');
  assert.equal(ideal({ limitMs: 0, latencyMs: 0 }), undefined);
  assert.equal(ideal({ requests: 0 }), undefined);
});

test('the ideal time of CPU work names the processes that really ran, and no speed-up where none is known', () => {
  const ideal = (more: Partial<CpuComparison>) => idealLine(cpuComparison(rows, { threads: 8, ...more }));
  assert.equal(ideal({ processes: 4 }), '2 × 5 ms = 10 ms, 4 processes: 20.0 ms (1.90×)');
  assert.equal(ideal({ processes: 4, machineSpeedup: null }), '2 × 5 ms = 10 ms, 4 processes: 20.0 ms');
  assert.equal(ideal({ processes: 1 }), '2 × 5 ms = 10 ms, 1 process: 20.0 ms (1.90×)');
  assert.equal(ideal({ limitMs: null }), '2 × 5 ms = 10 ms');
});

test('a row that was faster than ideal does not stand without a comment', () => {
  const comment = (ofLimit: number | null) =>
    aboveIdealLine(cpuComparison([row('sequential', [9]), row('blocking', [9], { ofLimit })]));
  assert.equal(comment(1.004), undefined, 'reads 100 %');
  assert.equal(comment(null), undefined);
  assert.match(comment(1.01)!, /^Above 100 % of ideal: blocking\. Ideal is exact to a few percent/);
  assert.match(comment(1.63)!, /which cannot be: blocking\. .*Do not trust/);
  const lines = text(cpuComparison([row('blocking', [9], { ofLimit: 1.63 })]));
  assert.ok(lines.some((line) => line.startsWith('Far above 100 % of ideal')));
});

test('all approaches are in one picture on one axis: twice as long is twice as wide', () => {
  const spans = (count: number, lanes: number) =>
    Array.from({ length: count }, (_, index) => {
      const startMs = Math.floor(index / lanes) * 10;
      return span(index, startMs, startMs + 10);
    });
  const lines = text(
    ioComparison([
      row('sequential', [400], { spans: spans(40, 1) }),
      row('bounded-pool', [200], { spans: spans(40, 2), peakInFlight: 2 }),
      row('promise-all', [10], { spans: spans(40, 40), peakInFlight: 40 }),
    ]),
  );
  const title = lines.findIndex((line) => line.startsWith('Requests in flight'));
  const [axis, ...pictures] = lines.slice(title + 1);
  assert.match(axis!, /^ +0 ms +100 ms +200 ms/);
  const widths = pictures.map((line) => line.match(/[▁▂▃▄▅▆▇█]/g)?.length);
  assert.equal(widths.length, 3);
  assert.ok(Math.abs(widths[0]! / widths[1]! - 2) < 0.1, String(widths));
  assert.match(pictures[2]!, /^promise-all +█{2} 40 at once$/);
});

test('at length the requests of all approaches are on one axis too, and the picture is explained', () => {
  const lines = text(
    ioComparison([
      row('sequential', [20]),
      row('worker-threads', [10], { spans: [span(1, 0, 10, { thread: 1 }), span(2, 0, 10, { thread: 2 })] }),
    ]),
    { verbose: true },
  );
  const from = lines.findIndex((line) => line.startsWith('5 requests of each approach'));
  assert.match(lines.slice(from, from + 2).join(' '), /waits for its turn.*letter of its thread.*× failed/);
  const bars = lines.slice(from).filter((line) => line.startsWith('#'));
  assert.match(bars[1]!, /^#2 ·+█+$/);
  assert.match(bars[2]!, /^#1 A+$/);
  assert.ok(Math.abs(bars[1]!.length / bars[2]!.length - 2) < 0.2);
});

test('a default run of three comparisons and an advice fits on a screen of 60 lines', () => {
  const approaches = ['blocking', 'sequential', 'promise-all', 'bounded-pool', 'worker-threads'] as const;
  const five = (fastest: string, ofLimit: number, inPool = 92) =>
    approaches.map((name) =>
      row(
        name,
        name === fastest
          ? [50, 51, 52]
          : name === 'bounded-pool'
            ? [inPool, inPool, inPool + 1]
            : [1290, 1290, 1291],
        {
          speedup: name === fastest ? 25.3 : 1,
          ofLimit: name === 'blocking' ? ofLimit : 0.9,
          peakInFlight: 10,
          ...(name === 'worker-threads' && {
            memory: { baselineMiB: 70, peakMiB: 274, overBaselineMiB: 204, peaksMiB: [274, 274, 274] },
          }),
        },
      ),
    );
  const refused = { refused: 24, queued: 8, longestQueue: 8, queueMs: 160, goodputPerSecond: 380 };
  const error = 'StatusError 503';
  const atLimits = [
    row('promise-all', [50, 51, 52], {
      succeeded: 16,
      failed: 24,
      ofLimit: null,
      atLimits: refused,
      spans: [span(1, 0, 20, { outcome: 'failed', error })],
    }),
    row('bounded-pool', [110, 111, 112], { atLimits: { ...refused, refused: 0, longestQueue: 2 } }),
    row('adaptive', [180, 181, 182], { atLimits: { ...refused, refused: 0 } }),
  ];
  const comparisons = [
    ioComparison(five('promise-all', 0.9), { requests: 40, latencyMs: 20, limitMs: 80, mockCostMs: 0.639 }),
    cpuComparison(five('worker-threads', 1.01, 1290), {
      requests: 40,
      costMs: 4,
      processes: 2,
      limitMs: 80.7,
    }),
    ioComparison(atLimits, {
      requests: 40,
      latencyMs: 20,
      limitMs: 100,
      stoves: { count: 8, queue: 8 },
      mockCostMs: null,
    }),
  ];
  const doubt = busyLine({ takenByOthers: 0.45 });
  const lines = [
    ...comparisons.flatMap((comparison, index) => [
      ...text(comparison, { explain: index === 0, doubt, isDoubted: index > 0 }),
      '',
    ]),
    ...wrapped(runAdvice(comparisons)!, WIDTH),
    ...claimsText(claimsOf(comparisons), { paint: plain, verbose: false }),
    'where it was measured',
  ];
  assert.ok(lines.length <= 60, `${lines.length}\n${lines.join('\n')}`);
});

test('a run on a system that does not tell its memory has a report without that figure', () => {
  const rows = [row('sequential', [20], { memory: null }), row('worker-threads', [10], { memory: null })];
  const comparison = ioComparison(rows);
  const text = comparisonText(comparison, { paint: plain, verbose: true, explain: true }).join('\n');
  assert.doesNotMatch(text, /MiB|NaN|undefined/);
  const page = reportPage({
    environment: quietEnvironment(),
    comparisons: [comparison],
    claims: claimsOf([comparison]),
  });
  assert.doesNotMatch(page, /NaN|undefined MiB/);
});

test('beside an API with limits stand what it saw, and not what the process took', () => {
  const atLimits = { refused: 24, queued: 8, longestQueue: 8, queueMs: 160, goodputPerSecond: 412.4 };
  const lossy = row('promise-all', [20, 21, 22], {
    succeeded: 16,
    failed: 24,
    ofLimit: null,
    atLimits,
    spans: [span(1, 0, 10, { outcome: 'failed', error: 'StatusError 503' }), span(2, 0, 10)],
  });
  const limited = {
    stoves: { count: 8, queue: 8 },
    requests: 40,
    latencyMs: 20,
    limitMs: 100,
    concurrency: 10,
  };
  const lines = text(ioComparison([lossy, row('bounded-pool', [110])], limited));
  const header = lines.find((line) => /^approach +time/.test(line))!;
  assert.match(header, /^approach +time +of ideal +arrived +refused +queue +goodput$/);
  assert.match(
    lines.find((line) => line.startsWith('promise-all '))!,
    / – +16 +24 +8 +412\/s$/,
  );
  assert.match(
    lines.find((line) => line.startsWith('bounded-pool '))!,
    / 2 +– +– +–$/,
  );
  assert.ok(lines.includes('limits of the API: 8 stoves, a queue of 8; 0 retries'));
  assert.ok(lines.some((line) => line.includes('8 stoves: 5 rounds × 20 ms = 100 ms (N·L/K)')));
  assert.ok(!lines.some((line) => line.includes('failed:')), 'the answer says who lost orders');
  // What the limits do not explain is told.
  const late = { ...lossy, spans: [span(1, 0, 10, { outcome: 'failed', error: 'TimeoutError' })] };
  assert.ok(text(ioComparison([late], limited)).some((line) => line.includes('1 × TimeoutError')));
  // At length both sides have a table.
  const atLength = text(ioComparison([lossy], limited), { verbose: true });
  assert.ok(atLength.some((line) => /memory +loop late$/.test(line)));
});

test('the ideal time of an API with a rate is that of the rate, where this is what limits', () => {
  const rate = { perSecond: 100, burst: 10 };
  const rated = { rate, requests: 400, latencyMs: 20, limitMs: 3920, concurrency: 50 };
  const lines = text(ioComparison([row('paced', [3990])], rated))
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  assert.match(lines, /the API lets in 100 a second: \(400 - 10\) \/ 100 s \+ 20 ms = 3\.92 s/);
  assert.match(lines, /limits of the API: 100 requests a second after a burst of 10; 0 retries/);
});
