import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { test } from 'node:test';
import type { CpuComparison, IoComparison } from '../../src/measure/comparison.ts';
import { comparisonText } from '../../src/report/compare.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { limits } from '../../src/report/settings.ts';
import { cpuComparison, ioComparison, row, span } from './samples.ts';

const rows = [
  row('sequential', [1000, 1001, 1002], { speedup: 1, ofLimit: 0.93 }),
  row('worker-threads', [100, 101, 102], { speedup: 9.91, peakInFlight: 10, cpuMs: 72 }),
];

test('the first line is the answer', () => {
  const [first] = comparisonText(ioComparison(rows), plain);
  assert.equal(first, 'fetch-order: worker-threads is fastest, 9.91× as fast as sequential.');
});

test('each row shows time, spread, number of runs, speed-up and share of its limit', () => {
  const line = comparisonText(ioComparison(rows), plain).find((text) => text.startsWith('sequential  '))!;
  assert.match(line, /^sequential\s+1\.00 s ± 1\.0 ms \(3\)\s+█{20}\s+1\.00×\s+93 %$/);
});

test('every line fits 80 columns, in colour and without; without colour there is no escape code', () => {
  for (const comparison of [ioComparison(rows), cpuComparison(rows)]) {
    const bare = comparisonText(comparison, plain);
    const painted = comparisonText(comparison, coloured);
    for (const line of bare) assert.ok(line.length <= 80, `${line.length}: ${line}`);
    assert.equal(bare.join('\n'), stripVTControlCharacters(bare.join('\n')));
    assert.notDeepEqual(painted, bare);
    assert.deepEqual(painted.map(stripVTControlCharacters), bare);
  }
});

test('long settings, limits and errors are wrapped, and an error keeps its own lines', () => {
  const error = `the process ended with exit code 1: ${'a reason that goes on and on, '.repeat(4)}\nand a second line`;
  const crowd = { requests: 1_000_000, concurrency: 100_000, threads: 1000, seed: 2 ** 31, jitterMs: 60_000 };
  const faults = { reset: 0.123456789, 'reset-body': 0.123456789, endless: 0.123456789 };
  const lines = [
    ...comparisonText(ioComparison([...rows, { approach: 'blocking', error }], { ...crowd, faults }), plain),
    ...comparisonText(
      cpuComparison(rows, { ...crowd, processes: 64, limitMs: 1e7, costMs: 1234.567 }),
      plain,
    ),
  ];
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  assert.ok(lines.includes('and a second line'));
  assert.match(lines.join(' '), /each row has its own\./);
});

test('a trial that crashed is a line of its own, with its reason, and has no place in the tables', () => {
  const lines = comparisonText(
    ioComparison([...rows, { approach: 'blocking', error: 'exit code 9' }]),
    plain,
  );
  assert.deepEqual(
    lines.filter((line) => line.startsWith('blocking')),
    ['blocking: exit code 9'],
  );
});

test('faults are named with their rates as they were asked for, however small', () => {
  const faults = { reset: 0.5, stall: 0.001, '503': 0.07 };
  const text = comparisonText(ioComparison(rows, { faults }), plain).join('\n');
  assert.match(
    text,
    /faults: 503 7 %, reset 50 %, stall 0\.1 %; at most 10\.0 s for a request and 0\s+retries for a run/,
  );
});

test('the settings of a job that computes name nothing of the API', () => {
  const [, settings] = comparisonText(cpuComparison(rows), plain);
  assert.equal(settings, '2 tasks of 5 ms CPU time, at most 10 at once, 2 threads');
});

test('failures are counted by what went wrong', () => {
  const failing = row('bounded-pool', [10, 10, 10], {
    failed: 3,
    succeeded: 1,
    spans: [
      span(1, 0, 1),
      span(2, 0, 1, { outcome: 'failed', error: 'StatusError 503' }),
      span(3, 0, 1, { outcome: 'failed', error: 'SyntaxError' }),
      span(4, 0, 1, { outcome: 'failed', error: 'SyntaxError' }),
    ],
  });
  const lines = comparisonText(ioComparison([failing]), plain);
  assert.ok(lines.includes('bounded-pool: 3 of 4 failed: 1 × StatusError 503, 2 × SyntaxError'));
});

test("the limit and the price of the mock are said for I/O, the machine's own speed-up for CPU work", () => {
  const io = comparisonText(ioComparison(rows), plain).join('\n');
  assert.match(io, /mock's own price: 500 µs a request/);
  assert.match(
    comparisonText(cpuComparison(rows), plain).join('\n'),
    /2 processes side by side take 20\.0 ms, 1\.90× as fast as sequential/,
  );
});

test('the limit of I/O is said by a formula that holds: whole rounds, or the latencies as they were drawn', () => {
  const limit = (more: Partial<IoComparison>) =>
    limits(ioComparison(rows, { requests: 11, latencyMs: 20, mockCostMs: null, ...more }))[0];
  assert.equal(
    limit({ limitMs: 40 }),
    'Limit: 2 rounds of 20 ms, 10 at a time, take 40.0 ms; each row has its own.',
  );
  assert.equal(
    limit({ limitMs: 20, requests: 2 }),
    'Limit: 1 round of 20 ms, 2 at a time, takes 20.0 ms; each row has its own.',
  );
  assert.equal(
    limit({ limitMs: 33, jitterMs: 5 }),
    'Limit: the latencies of these requests, 10 at a time, take at least 33.0 ms; each row has its own.',
  );
  assert.equal(limit({ limitMs: 0, latencyMs: 0 }), undefined);
});

test('the limit names the processes that really ran, and no speed-up where none is known', () => {
  const limit = (more: Partial<CpuComparison>) =>
    comparisonText(cpuComparison(rows, { threads: 8, ...more }), plain).find((line) =>
      line.startsWith('Limit'),
    );
  assert.equal(
    limit({ processes: 4, machineSpeedup: null }),
    'Limit: 4 processes side by side take 20.0 ms.',
  );
  assert.equal(limit({ processes: 1 }), 'Limit: 1 process takes 20.0 ms, 1.90× as fast as sequential.');
});
