import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison, CpuComparison } from '../../src/measure/comparison.ts';
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
  const { verdict, measured, because } = judge(ioComparison([sequential, pool]), /10 times/);
  assert.equal(verdict, 'holds');
  assert.equal(measured, '9.44× as fast as sequential with 10 in flight');
  assert.match(because, /the ratio is the concurrency/);
});

test('ten times as fast differs at a hundred in flight', () => {
  const wide = row('bounded-pool', [11, 11.1, 11.2], { peakInFlight: 100 });
  const { verdict, because } = judge(ioComparison([sequential, wide]), /10 times/);
  assert.equal(verdict, 'differs');
  assert.match(because, /the ratio is the concurrency/);
});

test('a ratio far below the concurrency is not put down to the concurrency', () => {
  const poor = row('bounded-pool', [500, 501, 502], { peakInFlight: 10, limitMs: 100 });
  const { verdict, because } = judge(ioComparison([sequential, poor]), /10 times/);
  assert.equal(verdict, 'differs');
  assert.equal(
    because,
    'the ratio is 20 % of what the latency alone allows; the rest is lost to something else',
  );
});

test('requests that do not fill the last round are the reason for a ratio below the concurrency', () => {
  const eleven = { requests: 11, latencyMs: 20, concurrency: 10 };
  const slow = row('sequential', [232, 233, 234], { limitMs: 220 });
  const halfEmpty = row('bounded-pool', [42, 43, 44], { peakInFlight: 10, limitMs: 40 });
  const { measured, because } = judge(ioComparison([slow, halfEmpty], eleven), /10 times/);
  assert.equal(measured, '5.42× as fast as sequential with 10 in flight');
  assert.equal(because, 'the latency alone allows 5.50×: 11 requests do not keep 10 in flight all the time');
});

test('a ratio that the latencies cannot explain gets no reason', () => {
  const fast = row('bounded-pool', [60, 61, 62], { peakInFlight: 10, limitMs: 100 });
  assert.equal(judge(ioComparison([sequential, fast]), /10 times/).because, '');
  const nothing = [sequential, pool].map((each) => ({ ...each, limitMs: 0 }));
  assert.equal(judge(ioComparison(nothing, { latencyMs: 0 }), /10 times/).because, '');
  const poor = row('bounded-pool', [500, 501, 502], { peakInFlight: 10, limitMs: 100 });
  for (const more of [{ jitterMs: 50 }, { faults: { '429': 0.1 } }]) {
    assert.equal(judge(ioComparison([sequential, poor], more), /10 times/).because, '', JSON.stringify(more));
  }
});

test('where spreads overlap the claim is undecided, and the figures and the reason stand beside it', () => {
  const noisy = row('bounded-pool', [400, 900, 1400], { peakInFlight: 10 });
  const { verdict, measured, because } = judge(ioComparison([sequential, noisy]), /10 times/);
  assert.equal(verdict, 'undecided in this run');
  assert.equal(measured, '1.11× as fast as sequential with 10 in flight');
  assert.equal(because, 'the run leaves open whether this is within 8 to 12 times');
  const cpu = cpuComparison([row('sequential', [90, 100, 110]), row('worker-threads', [80, 95, 110])]);
  assert.equal(judge(cpu, /several processes/).verdict, 'undecided in this run');
});

test('with too few trials the claim is undecided for that reason', () => {
  const { verdict, because } = judge(ioComparison([row('sequential', [1000]), pool]), /10 times/);
  assert.deepEqual(
    [verdict, because],
    ['undecided in this run', 'each approach needs 3 trials (--repeats 3)'],
  );
});

test('"not measured here" never stands above figures', () => {
  const rows = [
    sequential,
    blocking,
    pool,
    row('worker-threads', [900, 1000, 1100]),
    row('promise-all', [1]),
  ];
  const comparisons = [[], rows.slice(0, 2), rows].flatMap((some) => [
    ioComparison(some),
    cpuComparison(some),
    cpuComparison(some, { threads: 1 }),
  ]);
  const claims = claimsOf(comparisons).filter(({ verdict }) => verdict === 'not measured here');
  assert.ok(claims.length > 4, String(claims.length));
  for (const { measured, because } of claims) assert.deepEqual([measured, because === ''], ['', false]);
});

test('a missing row or a row with failures gets no verdict, and the reason names what was needed', () => {
  for (const rows of [[sequential], [sequential, row('bounded-pool', [1, 1, 1], { failed: 3 })]]) {
    const { verdict, because } = judge(ioComparison(rows), /10 times/);
    assert.equal(verdict, 'not measured here');
    assert.match(because, /sequential and bounded-pool/);
  }
});

test('blocking the thread is judged by the delay of the loop, not by the time', () => {
  assert.equal(judge(ioComparison([blocking, sequential]), /blocks the whole/).verdict, 'holds');
  const polite = row('blocking', [1000, 1001, 1002]);
  assert.equal(judge(ioComparison([polite, sequential]), /blocks the whole/).verdict, 'differs');
});

test('that both waited about as long is said only where they did', () => {
  const because = (ms: number) => {
    const other = row('sequential', [ms, ms + 1, ms + 2]);
    return judge(ioComparison([blocking, other]), /blocks the whole/).because;
  };
  assert.equal(because(1010), 'both waited about as long, but await leaves the thread 90 % idle');
  assert.equal(because(750), 'await leaves the thread 90 % idle');
});

test('40 % less memory holds near 40 %, differs far from it, and needs equal concurrency', () => {
  const threads = (peakMiB: number, peakInFlight = 10) =>
    row('worker-threads', [110, 111, 112], { peakInFlight, ...peaks(peakMiB, peakMiB - 70) });
  const light = row('bounded-pool', [105, 106, 107], { peakInFlight: 10, ...peaks(90, 20) });
  assert.equal(judge(ioComparison([light, threads(150)]), /less memory/).verdict, 'holds');
  const far = judge(ioComparison([light, threads(300)]), /less memory/);
  assert.equal(far.verdict, 'differs');
  assert.match(far.measured, /whole process: .*70 % less, with 10 in flight/);
  assert.match(judge(ioComparison([light, threads(80)]), /less memory/).measured, /more/);
  assert.equal(judge(ioComparison([light, threads(300, 4)]), /less memory/).verdict, 'not measured here');
});

test('trials on both sides of an edge decide nothing', () => {
  const inTime = (...timesMs: number[]) =>
    judge(ioComparison([sequential, row('bounded-pool', timesMs)]), /10 times/).verdict;
  assert.equal(inTime(115, 116, 117), 'holds', '8.6 times');
  assert.equal(inTime(115, 118, 160), 'undecided in this run', 'one trial says 6.3 times');
  assert.equal(inTime(160, 161, 162), 'differs');
  const threads = row('worker-threads', [110, 111, 112], { peakInFlight: 10, ...peaks(150, 80) });
  const inMemory = (...peaksMiB: number[]) => {
    const memory = { baselineMiB: 70, peakMiB: peaksMiB[1]!, overBaselineMiB: 20, peaksMiB };
    return judge(ioComparison([{ ...pool, memory }, threads]), /less memory/).verdict;
  };
  assert.equal(inMemory(92, 93, 94), 'holds', '38 % less');
  assert.equal(inMemory(90, 95, 105), 'undecided in this run', 'one trial says 30 % less');
  assert.equal(inMemory(104, 105, 106), 'differs');
});

test('noise is no proof that async gains nothing', () => {
  const rows = [
    row('sequential', [300, 301, 302]),
    row('promise-all', [200, 300, 420]),
    row('bounded-pool', [300, 301, 302]),
  ];
  assert.equal(judge(cpuComparison(rows), /CPU-bound work$/).verdict, 'undecided in this run');
});

test('what a thread costs is shared by all threads there are, not by the tasks in flight', () => {
  const two = { requests: 2, concurrency: 2, threads: 10 };
  const threads = row('worker-threads', [20, 21, 22], { peakInFlight: 2, ...peaks(260, 190) });
  const light = row('bounded-pool', [20, 21, 22], { peakInFlight: 2, ...peaks(90, 20) });
  assert.match(judge(ioComparison([light, threads], two), /less memory/).because, /a thread costs 19\.0 MiB/);
});

test('no gain for CPU work holds when there is none, and a gain that one thread cannot have is no verdict', () => {
  const rows = (all: number) => [
    row('sequential', [300, 301, 302]),
    row('promise-all', [all, all + 1, all + 2]),
    row('bounded-pool', [300, 301, 302]),
  ];
  assert.equal(judge(cpuComparison(rows(299)), /CPU-bound work$/).verdict, 'holds');
  const { verdict, because } = judge(cpuComparison(rows(150)), /CPU-bound work$/);
  assert.equal(verdict, 'undecided in this run');
  assert.equal(because, 'one thread cannot gain a tenth or more over itself: measure again');
});

test('a gain for CPU work that is in doubt is no gain yet', () => {
  const rows = [
    row('sequential', [300, 301, 302]),
    row('promise-all', [200, 260, 330]),
    row('bounded-pool', [366, 367, 368]),
  ];
  const { verdict, because } = judge(cpuComparison(rows), /CPU-bound work$/);
  assert.equal(verdict, 'undecided in this run');
  assert.equal(because, 'the run leaves open whether this is a gain of 1.10× or more');
});

test('several threads that are some percent faster gain nothing', () => {
  const rows = [row('sequential', [300, 301, 302]), row('worker-threads', [290, 291, 292])];
  assert.equal(judge(cpuComparison(rows), /several processes/).verdict, 'differs');
});

test('a gain by several threads is set beside what the machine allows', () => {
  const rows = [row('sequential', [300, 301, 302]), row('worker-threads', [160, 161, 162])];
  const { verdict, measured } = judge(cpuComparison(rows), /several processes/);
  assert.equal(verdict, 'holds');
  assert.equal(measured, '2 threads: 1.87× as fast as sequential; 2 processes: 1.90×');
  const few = judge(cpuComparison(rows, { threads: 8, processes: 4 }), /several processes/);
  assert.equal(few.measured, '8 threads: 1.87× as fast as sequential; 4 processes: 1.90×');
  assert.equal(judge(cpuComparison(rows, { threads: 1 }), /several processes/).verdict, 'not measured here');
});

test('threads that lose are put down to their messages only where CPU times and processes show it', () => {
  const lost = (cpuMs: number, more: Partial<CpuComparison> = {}) => {
    const rows = [row('sequential', [10, 10.1, 10.2]), row('worker-threads', [20, 20.1, 20.2], { cpuMs })];
    const { verdict, because } = judge(cpuComparison(rows, { requests: 100, ...more }), /several processes/);
    assert.equal(verdict, 'differs');
    return because;
  };
  assert.equal(lost(11), 'the messages to the threads cost more than the work in them');
  assert.equal(lost(9), '', 'the CPU time beside the work is less than the work');
  assert.equal(lost(11, { machineSpeedup: 0.9 }), '', 'the machine gives processes nothing either');
  assert.equal(lost(11, { machineSpeedup: null }), '');
  assert.equal(lost(11, { threads: 8, requests: 4 }), '', 'threads without a task');
});

test('one task cannot show what several threads gain', () => {
  const rows = [row('sequential', [10, 10.1, 10.2]), row('worker-threads', [90, 90.1, 90.2])];
  const { verdict, because } = judge(cpuComparison(rows, { requests: 1 }), /several processes/);
  assert.deepEqual([verdict, because], ['not measured here', 'one task cannot show it']);
});

test('a comparison is judged only by the claims about its kind of work', () => {
  assert.equal(claimsOf([]).length, 0);
  assert.equal(claimsOf([ioComparison([])]).length, 3);
  assert.equal(claimsOf([ioComparison([]), cpuComparison([])]).length, 5);
});

test('as text a claim is two lines of at most 80 columns: verdict and claim, and the figures', () => {
  const rows = [
    blocking,
    sequential,
    pool,
    row('promise-all', [30, 31, 32], { peakInFlight: 10_000 }),
    row('worker-threads', [105, 106, 107], { peakInFlight: 10, ...peaks(1234, 1000) }),
  ];
  const computing = [row('sequential', [300, 301, 302]), row('promise-all', [300, 301, 302])];
  const computingToo = [row('bounded-pool', [300, 301, 302]), row('worker-threads', [160, 161, 162])];
  const claims = claimsOf([ioComparison(rows), cpuComparison([...computing, ...computingToo])]);
  const lines = claimsText(claims, { paint: plain, verbose: false });
  assert.equal(lines.length, 1 + 2 * claims.length);
  assert.deepEqual(lines.slice(1, 3), [
    '✓ holds: Async handles many requests nearly 10 times as fast',
    '    9.44× as fast as sequential with 10 in flight, 32.3× with 10000',
  ]);
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
});

test('an undecided claim says why in the same breath, and one without figures says what is missing', () => {
  const noisy = row('bounded-pool', [400, 900, 1400], { peakInFlight: 10 });
  const text = (comparison: Comparison) =>
    claimsText(claimsOf([comparison]).slice(0, 1), { paint: plain, verbose: false })
      .slice(2)
      .map((line) => line.trim())
      .join(' ');
  assert.equal(
    text(ioComparison([sequential, noisy])),
    'the run leaves open whether this is within 8 to 12 times: 1.11× as fast as sequential with 10 in flight',
  );
  assert.equal(
    text(ioComparison([sequential])),
    'this claim needs the rows of sequential and bounded-pool, without failures',
  );
});

test('at length a claim also has what the article says, and the reason', () => {
  const lines = claimsText(claimsOf([ioComparison([blocking, sequential, pool])]), {
    paint: plain,
    verbose: true,
  });
  assert.ok(lines.includes('    here     9.44× as fast as sequential with 10 in flight'));
  assert.ok(lines.some((line) => line.startsWith('    article  1,000 requests')));
  assert.ok(lines.some((line) => line.startsWith('    because  the ratio is the concurrency')));
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
});

const eightStoves = { stoves: { count: 8, queue: 8 }, requests: 40, latencyMs: 20 };

test('the figure of "10 times" stands beside what an API with few stoves allowed in the same run', () => {
  const free = ioComparison([sequential, pool], { requests: 40, latencyMs: 20 });
  const ofPool = row('bounded-pool', [130, 131, 132], { peakInFlight: 10 });
  const limited = ioComparison([row('promise-all', [20], { failed: 24 }), ofPool], eightStoves);
  const [claim, ...others] = claimsOf([free, limited]);
  assert.equal(claim!.measured, '9.44× as fast as sequential with 10 in flight; 8 stoves: 7.64×');
  assert.match(claim!.because, /up to what the API allows/);
  // The claims are judged once, and not at the API with limits again.
  assert.equal(others.length, 2);
});

test('another work, lost orders or a rate tell nothing of what the stoves allow', () => {
  const free = ioComparison([sequential, pool], { requests: 40, latencyMs: 20 });
  for (const limited of [
    ioComparison([pool], { ...eightStoves, requests: 80 }),
    ioComparison([row('bounded-pool', [130], { failed: 1 })], eightStoves),
    ioComparison([row('adaptive', [130])], eightStoves),
    ioComparison([pool], { ...eightStoves, rate: { perSecond: 100, burst: 10 } }),
  ]) {
    assert.doesNotMatch(claimsOf([free, limited])[0]!.measured, /stoves/);
  }
});

test('at an API with limits alone, these are the reason for the ratio', () => {
  const slow = row('sequential', [900, 901, 902], { limitMs: 800 });
  const ofPool = row('bounded-pool', [105, 106, 107], { peakInFlight: 10, limitMs: 100 });
  const { because } = judge(ioComparison([slow, ofPool], eightStoves), /10 times/);
  assert.equal(because, 'the API allows 8.00×, whatever the concurrency');
});
