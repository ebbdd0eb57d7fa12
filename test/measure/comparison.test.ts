// From trials to rows and from settings to trials: pure functions, with figures made up for the test.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, array, integer, property, tuple } from 'fast-check';
import { tableOf } from '../../src/running/span-table.ts';
import { latencyOf } from '../../src/api/conditions.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import type { Span } from '../../src/running/recorded.ts';
import type { JobSettings } from '../../src/jobs/job.ts';
import { isMeasured, type Comparison } from '../../src/measure/comparison.ts';
import { inTime } from '../../src/measure/deadline.ts';
import {
  deadlineMs,
  estimateMs,
  repeatsOf,
  ioJob,
  limitOf,
  ofTurn,
  trialSettings,
  type CpuSettings,
  type IoSettings,
} from '../../src/measure/plan.ts';
import { LEAST_TRIALS } from '../../src/measure/statistics.ts';
import { peakOverlap, type TrialResult } from '../../src/measure/row.ts';
import { cpuComparison, ioComparison } from '../../src/measure/summary.ts';
import type { Measurement } from '../../src/measure/trial.ts';

/** What an API without limits counts of a queue. */
const NO_QUEUE = { refused: 0, queued: 0, longestQueue: 0, queueMs: 0 };

const IO: IoSettings = {
  kind: 'io',
  job: 'fetch-order',
  approaches: ['sequential', 'bounded-pool'],
  requests: 12,
  concurrency: 5,
  threads: 2,
  conditions: { latencyMs: 110, jitterMs: 0, seed: 3 },
  network: 'loopback',
  timeoutMs: 5000,
  retryBudget: 0,
  repeats: 2,
};
const CPU: CpuSettings = {
  kind: 'cpu',
  job: 'price-order',
  approaches: ['sequential', 'worker-threads'],
  requests: 12,
  concurrency: 5,
  threads: 2,
  costMs: 20,
  repeats: 2,
};
const ORIGIN = 'http://127.0.0.1:4000';
const PRICING: JobSettings = { kind: 'cpu', job: 'price-order', rounds: 99, costMs: 20 };

const span = (input: number, startMs: number, endMs: number, outcome: Span['outcome'] = 'ok'): Span => ({
  input,
  startMs,
  endMs,
  thread: 0,
  outcome,
});
const spans = (startMs: number, endMs: number, failed = 0): Span[] =>
  Array.from({ length: 12 }, (_, index) => span(index + 1, startMs, endMs, index < failed ? 'failed' : 'ok'));
interface Said extends Partial<Omit<Measurement, 'spans'>> {
  readonly spans?: readonly Span[];
  readonly limitMs?: number;
}
const trial = (
  { spans: given = spans(0, 100), limitMs = 330, ...over }: Said,
  peakInFlight = 1,
): TrialResult => ({
  measurement: {
    timesMs: [100],
    memory: { baselineMiB: 50, peakMiB: 60 },
    spans: tableOf(given),
    loopTrack: { startMs: 0, stepMs: 50, lateMs: [0, 0] },
    cpuMs: 10,
    loopDelayMs: { p99: 1, max: 2 },
    loopUtilization: 0.5,
    ...over,
  },
  limitMs,
  stats: { started: 12, completed: 12, aborted: 0, inFlight: 0, peakInFlight, ...NO_QUEUE },
});
type Trials = Partial<Record<ApproachName, TrialResult[]>>;
const resultsOf = (trials: Trials) => new Map(Object.entries(trials) as Array<[ApproachName, TrialResult[]]>);
const compared = (settings: IoSettings, trials: Trials) => ioComparison(settings, resultsOf(trials), 0.25);
/** `trials` of work that computes; no API saw them. */
const computed = (trials: Trials, timesMs: number[] = []) => {
  const unseen = Object.entries(trials).map(([approach, results]) => [
    approach,
    results.map((result) => ('measurement' in result ? { ...result, stats: undefined } : result)),
  ]);
  return cpuComparison(CPU, resultsOf(Object.fromEntries(unseen) as Trials), new Map([[2, timesMs]]));
};
const rowOf = (comparison: Comparison, approach: ApproachName) => {
  const row = comparison.rows.find((row) => row.approach === approach)!;
  assert.ok(isMeasured(row));
  return row;
};

describe('the limit', () => {
  test('of I/O is N·L/C with the approach’s own C, in whole rounds', () => {
    assert.equal(limitOf('sequential', IO), 12 * 110);
    assert.equal(limitOf('bounded-pool', IO), 3 * 110);
    assert.equal(limitOf('promise-all', IO), 110);
    assert.equal(limitOf('worker-threads', IO), 6 * 110);
    assert.equal(limitOf('bounded-pool', { ...IO, concurrency: 50 }), 110);
  });

  test('with jitter is what no order of these very requests can beat', () => {
    const conditions = { latencyMs: 0, jitterMs: 100, seed: 2 };
    const uneven = { ...IO, conditions };
    const latencies = Array.from({ length: 12 }, (_, index) => latencyOf(index + 1, conditions));
    const sum = latencies.reduce((total, ms) => total + ms, 0);
    assert.ok(Math.abs(limitOf('sequential', uneven) - sum) < 1e-9);
    assert.ok(Math.abs(limitOf('bounded-pool', uneven) - sum / 5) < 1e-9);
    assert.equal(limitOf('promise-all', uneven), Math.max(...latencies));
    assert.equal(limitOf('sequential', { ...uneven, requests: 1 }), latencies[0]);
    const little = { ...IO, conditions: { latencyMs: 100, jitterMs: 0.001, seed: 2 } };
    assert.ok(
      limitOf('bounded-pool', little) >= 300,
      'three rounds of 100 ms, though the sum over 5 lanes is 240',
    );
  });

  test('of CPU work is the sum of the work, whatever the concurrency', () => {
    for (const approach of ['sequential', 'promise-all', 'bounded-pool'] as const) {
      assert.equal(limitOf(approach, CPU), 12 * 20);
    }
  });
});

describe('trialSettings', () => {
  const told = (approach: ApproachName, settings: IoSettings) =>
    trialSettings(approach, settings, ioJob(approach, settings, { origin: ORIGIN }));

  test('tell a trial where the API is, how many sockets it may open, and how much to warm up', () => {
    const { work, size, warmup } = told('bounded-pool', IO);
    assert.ok(work.kind === 'io');
    assert.equal(work.origin, ORIGIN);
    assert.equal(work.connections, 5);
    assert.deepEqual(work.conditions, IO.conditions);
    assert.deepEqual(size, { requests: 12, concurrency: 5, threads: 2 });
    assert.equal(warmup, 12, 'never more than there are requests');
    assert.equal(told('bounded-pool', { ...IO, requests: 1000 }).warmup, 5 * 5);
    const tiny = { ...CPU, requests: 100_000, costMs: 0.01 };
    assert.equal(trialSettings('worker-threads', tiny, PRICING).warmup, 2 * 1000, '10 ms for each thread');
    const long = { ...CPU, requests: 1000 };
    assert.equal(trialSettings('worker-threads', long, PRICING).warmup, 2 * 2, 'two tasks for each thread');
    assert.equal(trialSettings('bounded-pool', long, PRICING).warmup, 2, 'one thread, whatever is in flight');
  });

  test('tell an intercepted trial the origin that is intercepted, and one that saves its folder', () => {
    assert.equal(ioJob('sequential', { ...IO, network: 'intercepted' }).origin, 'http://orders.test');
    const saving = { ...IO, job: 'save-order' } as const;
    assert.deepEqual(ioJob('sequential', saving, { origin: ORIGIN, folder: 'folder' }), {
      ...ioJob('sequential', IO, { origin: ORIGIN }),
      job: 'save-order',
      folder: 'folder',
    });
    assert.throws(() => ioJob('sequential', saving), /expected a folder to save to/);
  });

  test('and the estimate are of plain data and grow with the work', () => {
    const settings = told('worker-threads', IO);
    assert.deepEqual(structuredClone(settings), settings);
    const more = { ...IO, requests: 1000 };
    assert.ok(estimateMs('sequential', more) > estimateMs('sequential', IO));
    assert.ok(estimateMs('sequential', more) >= limitOf('sequential', more));
  });
});

describe('a comparison', () => {
  test('joins the samples of all trials, and sets speed-up against sequential and limit against median', () => {
    const comparison = compared(IO, {
      sequential: [trial({ timesMs: [1320] }), trial({ timesMs: [1320] })],
      'bounded-pool': [trial({ timesMs: [300, 330] }, 5), trial({ timesMs: [360] }, 4)],
    });
    const row = rowOf(comparison, 'bounded-pool');
    assert.deepEqual(row.timeMs, {
      median: 330,
      mad: 30,
      samples: [300, 330, 360],
      trials: [315, 360],
    });
    assert.equal(row.speedup, 4);
    assert.equal(row.ofLimit, 1);
    assert.equal(row.peakInFlight, 5, 'the most that the API saw in any trial');
    assert.equal(rowOf(comparison, 'sequential').speedup, 1);
    assert.deepEqual([comparison.limitMs, comparison.mockCostMs], [330, 0.25]);
  });

  test('has no limit to set a time against where the API takes no time', () => {
    const instant = { ...IO, conditions: { latencyMs: 0, jitterMs: 0, seed: 3 } };
    const comparison = compared(instant, { 'bounded-pool': [trial({ limitMs: 0 })] });
    assert.deepEqual([comparison.limitMs, rowOf(comparison, 'bounded-pool').ofLimit], [0, null]);
  });

  test('ranks the runs that people wait for: each has enough trials, and only a very long one is made once', () => {
    const asked = { ...IO, repeats: undefined, approaches: ['sequential', 'bounded-pool'] as const };
    const repeats = (latencyMs: number) =>
      asked.approaches.map((name) =>
        repeatsOf(name, {
          ...asked,
          requests: 1000,
          concurrency: 10,
          conditions: { ...IO.conditions, latencyMs },
        }),
      );
    assert.deepEqual(repeats(120), [LEAST_TRIALS, LEAST_TRIALS], 'two minutes one by one');
    assert.deepEqual(repeats(301), [1, LEAST_TRIALS], 'over five minutes');
    assert.equal(repeatsOf('sequential', { ...asked, requests: 1e6, repeats: 2 }), 2, '--repeats decides');
  });

  test('with chance draws every turn with the next seed, and says which', () => {
    const conditions = { latencyMs: 10, jitterMs: 0, seed: 7, faults: { '503': 0.1 } };
    const chancy = { ...IO, conditions, repeats: undefined };
    assert.deepEqual(compared(chancy, {}).seeds, [7, 8, 9, 10, 11]);
    assert.equal(ofTurn(chancy, 3).conditions.seed, 10);
    assert.deepEqual(ofTurn(chancy, 0), chancy);
    const uneven = { ...IO, conditions: { latencyMs: 10, jitterMs: 5, seed: 2 ** 31 - 1 } };
    assert.deepEqual(compared(uneven, {}).seeds, [2 ** 31 - 1, 0], 'behind the largest they start anew');
    assert.deepEqual(compared(IO, {}).seeds, [3], 'where nothing is drawn every turn is the same');
    assert.equal(ofTurn(IO, 1), IO);
  });

  test('with chance takes one sample from each trial, and sets its time against the limit of its own draw', () => {
    const uneven = { ...IO, conditions: { latencyMs: 10, jitterMs: 50, seed: 1 } };
    assert.equal(trialSettings('sequential', uneven, ioJob('sequential', uneven)).samples.forMs, 0);
    const draws = [100, 400, 200].map((limitMs) => trial({ limitMs, timesMs: [limitMs * 1.25] }));
    const row = rowOf(compared(uneven, { sequential: draws }), 'sequential');
    assert.deepEqual([row.limitMs, row.timeMs.median, row.ofLimit], [200, 250, 0.8]);
  });

  test('a measured limit is dropped if a run was far faster: it was measured in a slower minute', () => {
    const threads = [trial({ timesMs: [100] })];
    assert.equal(rowOf(computed({ 'worker-threads': threads }, [163]), 'worker-threads').ofLimit, null);
    assert.equal(rowOf(computed({ 'worker-threads': threads }, [105]), 'worker-threads').ofLimit, 1.05);
  });

  test('has no speed-up without sequential', () => {
    assert.equal(rowOf(compared(IO, { 'bounded-pool': [trial({})] }), 'bounded-pool').speedup, null);
  });

  test('a run with failures did less work: its time is set against nothing, and nothing against it', () => {
    const failing = trial({ timesMs: [10], spans: spans(0, 10, 1) });
    const good = trial({ timesMs: [1320] });
    const promiseAll = rowOf(
      compared(IO, { sequential: [good], 'promise-all': [failing, good] }),
      'promise-all',
    );
    assert.deepEqual([promiseAll.failed, promiseAll.speedup, promiseAll.ofLimit], [1, null, null]);
    const pool = rowOf(compared(IO, { sequential: [failing], 'bounded-pool': [good] }), 'bounded-pool');
    assert.equal(pool.speedup, null);
  });

  test('takes the median over trials of memory and CPU time, and the worst loop delay', () => {
    const trials = [10, 30, 20].map((more) =>
      trial({
        memory: { baselineMiB: 50, peakMiB: 50 + more },
        cpuMs: more,
        loopDelayMs: { p99: more, max: more },
      }),
    );
    const row = rowOf(compared(IO, { 'bounded-pool': trials }), 'bounded-pool');
    assert.deepEqual(row.memory, {
      baselineMiB: 50,
      peakMiB: 70,
      peaksMiB: [60, 80, 70],
      overBaselineMiB: 20,
    });
    assert.equal(row.cpuMs, 20);
    assert.deepEqual(row.cpuSamplesMs, [10, 30, 20]);
    assert.deepEqual(row.loopDelayMs, { p99: 20, max: 30 });
  });

  test('keeps the times where a trial could not tell its memory', () => {
    const row = rowOf(compared(IO, { 'bounded-pool': [trial({}), trial({ memory: null })] }), 'bounded-pool');
    assert.equal(row.memory, null);
    assert.equal(row.timeMs.median, 100);
  });

  test('shows the run with the most failures, and never loses one to a better run', () => {
    const trials = [trial({}), trial({ spans: spans(0, 80, 3) }), trial({ spans: spans(0, 90, 1) })];
    const row = rowOf(compared(IO, { 'bounded-pool': trials }), 'bounded-pool');
    assert.deepEqual([row.succeeded, row.failed], [9, 3]);
  });

  test('shows the run of median length where none failed', () => {
    const trials = [90, 300, 100].map((endMs) => trial({ spans: spans(0, endMs) }));
    const row = rowOf(compared(IO, { 'bounded-pool': trials }), 'bounded-pool');
    assert.equal(row.spans[0]!.endMs, 100);
  });

  test('shows the event loop of the very run whose requests it shows', () => {
    const late = (ms: number) => ({ loopTrack: { startMs: 0, stepMs: 50, lateMs: [ms, ms] } });
    const trials = [trial(late(1)), trial({ spans: spans(0, 80, 3), ...late(2) }), trial(late(3))];
    const row = rowOf(compared(IO, { 'bounded-pool': trials }), 'bounded-pool');
    assert.deepEqual(row.loopTrack.lateMs, [2, 2]);
  });

  test('a trial that crashed makes its row a failed one, and leaves the others alone', () => {
    const comparison = compared(IO, {
      sequential: [trial({})],
      'bounded-pool': [trial({}), { error: 'the process ended with exit code 7' }],
    });
    assert.deepEqual(comparison.rows[1], {
      approach: 'bounded-pool',
      error: 'the process ended with exit code 7',
    });
    assert.equal(rowOf(comparison, 'sequential').speedup, 1);
  });

  test('of CPU work takes the machine’s own processes as the limit of threads, and peaks from spans', () => {
    const comparison = computed(
      {
        sequential: [trial({ timesMs: [240], spans: [span(1, 0, 20), span(2, 20, 40)] }, 9)],
        'worker-threads': [trial({ timesMs: [160], spans: [span(1, 0, 20), span(2, 5, 25)] }, 9)],
      },
      [120, 110, 130],
    );
    assert.deepEqual([comparison.limitMs, comparison.processes, comparison.costMs], [120, 2, 20]);
    const threads = rowOf(comparison, 'worker-threads');
    assert.deepEqual([threads.limitMs, threads.ofLimit, threads.peakInFlight], [120, 0.75, 2]);
    assert.equal(rowOf(comparison, 'sequential').peakInFlight, 1);
  });
});

describe('a deadline', () => {
  test('is far beyond the estimate, and leaves room for every timeout and retry that faults may cause', () => {
    assert.ok(deadlineMs('sequential', IO) > 10 * estimateMs('sequential', IO));
    const stalling = { ...IO, conditions: { ...IO.conditions, faults: { stall: 1 } } };
    assert.ok(deadlineMs('sequential', stalling) > 12 * stalling.timeoutMs);
    assert.ok(deadlineMs('worker-threads', CPU) > 10 * estimateMs('worker-threads', CPU));
  });

  test('that passes ends the work and says so; work that ends in time is not touched', async () => {
    let stopped: AbortSignal | undefined;
    const never = (signal: AbortSignal) => {
      stopped = signal;
      return new Promise<never>(() => {});
    };
    await assert.rejects(inTime({ ms: 1, expectedMs: 0 }, never), {
      name: 'DeadlineError',
      message: 'nothing came within 0 s, where some 0 s were expected',
    });
    assert.ok(stopped?.aborted);
    assert.equal(await inTime({ ms: 2 ** 40, expectedMs: 1 }, async () => 'soup'), 'soup');
  });
});

describe('the machine’s own speed-up', () => {
  const threads = { 'worker-threads': [trial({ timesMs: [160] })] };

  test('compares the processes with sequential in this run, and not with the cost that was asked for', () => {
    const sequential = [trial({ timesMs: [300] })];
    assert.equal(computed({ sequential, ...threads }, [120, 110, 130]).machineSpeedup, 2.5);
  });

  test('is nothing without a sequential run that counts', () => {
    assert.equal(computed(threads, [120]).machineSpeedup, null);
    const failing = [trial({ timesMs: [300], spans: spans(0, 10, 1) })];
    assert.equal(computed({ sequential: failing, ...threads }, [120]).machineSpeedup, null);
    assert.equal(computed({ sequential: failing, ...threads }).processes, undefined);
  });
});

describe('peakOverlap', () => {
  test('of nothing is 0, and spans that only touch do not overlap', () => {
    assert.equal(peakOverlap([]), 0);
    assert.equal(peakOverlap([span(1, 0, 10), span(2, 10, 20)]), 1);
  });

  test('a task counts as in flight even if it was too short for the clock', () => {
    assert.equal(peakOverlap([span(1, 5, 5), span(2, 6, 6)]), 1);
  });

  test('is the most spans that cover one moment, counted at every moment', () => {
    const moments = tuple(integer({ min: 0, max: 30 }), integer({ min: 1, max: 10 }));
    check(
      property(array(moments, { minLength: 1 }), (drawn) => {
        const given = drawn.map(([startMs, lastsMs], index) => span(index, startMs, startMs + lastsMs));
        const covering = Array.from(
          { length: 41 },
          (_, moment) => given.filter((span) => span.startMs <= moment && moment < span.endMs).length,
        );
        assert.equal(peakOverlap(given), Math.max(...covering));
      }),
    );
  });
});
