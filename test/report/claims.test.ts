import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../src/measure/comparison.ts';
import { claimsOf, claimsText } from '../../src/report/claims.ts';
import { plain } from '../../src/report/paint.ts';
import { cpuComparison, ioComparison, row } from './samples.ts';

const judge = (comparison: Comparison, words: RegExp) => {
  const found = claimsOf([comparison]).filter(({ claim }) => words.test(claim));
  assert.equal(found.length, 1);
  return found[0]!;
};
const blocking = row('blocking', [1000, 1001, 1002], { loopDelayMs: { p99: 1000, max: 1001 } });
const sequential = row('sequential', [1000, 1001, 1002]);
const pool = row('bounded-pool', [105, 106, 107], { peakInFlight: 10 });
const peaks = (peakMiB: number, overBaselineMiB: number) => ({
  memory: { baselineMiB: 70, peakMiB, overBaselineMiB, peaksMiB: [peakMiB, peakMiB, peakMiB] },
});

test('ten times as fast holds at ten in flight, and the reason is the concurrency', () => {
  const { verdict, measured, because } = judge(ioComparison([blocking, pool]), /10 times/);
  assert.equal(verdict, 'holds');
  assert.equal(measured, '9.44× with 10 in flight');
  assert.match(because, /the ratio is the concurrency/);
});

test('ten times as fast differs at a hundred in flight', () => {
  const wide = row('bounded-pool', [11, 11.1, 11.2], { peakInFlight: 100 });
  const { verdict, because } = judge(ioComparison([blocking, wide]), /10 times/);
  assert.equal(verdict, 'differs');
  assert.match(because, /the ratio is the concurrency/);
});

test('a ratio far below the concurrency is not put down to the concurrency', () => {
  const poor = row('bounded-pool', [500, 501, 502], { peakInFlight: 10 });
  const { verdict, because } = judge(ioComparison([blocking, poor]), /10 times/);
  assert.equal(verdict, 'differs');
  assert.match(because, /20 % of the concurrency/);
});

test('overlapping spreads get no verdict', () => {
  const noisy = row('bounded-pool', [400, 900, 1400], { peakInFlight: 10 });
  assert.equal(judge(ioComparison([blocking, noisy]), /10 times/).verdict, 'not measured here');
  const cpu = cpuComparison([row('sequential', [90, 100, 110]), row('worker-threads', [80, 95, 110])]);
  assert.equal(judge(cpu, /several processes/).verdict, 'not measured here');
});

test('a missing row or a row with failures gets no verdict, and the reason names what was needed', () => {
  for (const rows of [[blocking], [blocking, row('bounded-pool', [1, 1, 1], { failed: 3 })]]) {
    const { verdict, because } = judge(ioComparison(rows), /10 times/);
    assert.equal(verdict, 'not measured here');
    assert.match(because, /blocking and bounded-pool/);
  }
});

test('blocking the thread is judged by the delay of the loop, not by the time', () => {
  assert.equal(judge(ioComparison([blocking, sequential]), /blocks the whole/).verdict, 'holds');
  const polite = row('blocking', [1000, 1001, 1002]);
  assert.equal(judge(ioComparison([polite, sequential]), /blocks the whole/).verdict, 'differs');
});

test('40 % less memory holds near 40 %, differs far from it, and needs equal concurrency', () => {
  const threads = (peakMiB: number, peakInFlight = 10) =>
    row('worker-threads', [110, 111, 112], { peakInFlight, ...peaks(peakMiB, peakMiB - 70) });
  const light = row('bounded-pool', [105, 106, 107], { peakInFlight: 10, ...peaks(90, 20) });
  assert.equal(judge(ioComparison([light, threads(150)]), /less memory/).verdict, 'holds');
  const far = judge(ioComparison([light, threads(300)]), /less memory/);
  assert.equal(far.verdict, 'differs');
  assert.match(far.measured, /70 % less, at 10 in flight/);
  assert.match(judge(ioComparison([light, threads(80)]), /less memory/).measured, /more/);
  assert.equal(judge(ioComparison([light, threads(300, 4)]), /less memory/).verdict, 'not measured here');
});

test('no gain for CPU work holds when there is none, and differs when there is', () => {
  const rows = (all: number) => [
    row('sequential', [300, 301, 302]),
    row('promise-all', [all, all + 1, all + 2]),
    row('bounded-pool', [300, 301, 302]),
  ];
  assert.equal(judge(cpuComparison(rows(299)), /CPU-bound work$/).verdict, 'holds');
  assert.equal(judge(cpuComparison(rows(150)), /CPU-bound work$/).verdict, 'differs');
});

test('a gain by several threads is set beside what the machine allows', () => {
  const rows = [row('sequential', [300, 301, 302]), row('worker-threads', [160, 161, 162])];
  const { verdict, measured } = judge(cpuComparison(rows), /several processes/);
  assert.equal(verdict, 'holds');
  assert.equal(measured, '2 threads 1.87× of sequential; 2 processes reach 1.90×');
  assert.equal(judge(cpuComparison(rows, { threads: 1 }), /several processes/).verdict, 'not measured here');
});

test('a comparison is judged only by the claims about its kind of work', () => {
  assert.equal(claimsOf([]).length, 0);
  assert.equal(claimsOf([ioComparison([])]).length, 3);
  assert.equal(claimsOf([ioComparison([]), cpuComparison([])]).length, 5);
});

test('as text a claim says verdict, article, figures and reason, within 80 columns', () => {
  const lines = claimsText(claimsOf([ioComparison([blocking, sequential, pool])]), plain);
  assert.ok(lines.includes('✓ holds: Async handles many requests nearly 10 times as fast'));
  assert.ok(lines.includes('    here     9.44× with 10 in flight'));
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
});
