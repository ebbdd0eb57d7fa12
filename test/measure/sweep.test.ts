// A sweep over trials that are computed: the far side has so many places, and a task takes 100 ms in one of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  concurrenciesUpTo,
  sweepBy,
  tasksAt,
  type MeasureAt,
  type SweepSettings,
} from '../../src/measure/sweep.ts';
import type { TrialResult } from '../../src/measure/row.ts';
import type { IoSettings } from '../../src/measure/plan.ts';
import { tableOf } from '../../src/running/span-table.ts';
import type { Rate } from '../../src/api/limits.ts';
import type { Span } from '../../src/running/recorded.ts';

const TASK_MS = 100;

/** Exactly what `places` at the far side make of a trial; the time of each trial is `off` by a factor of its own. */
function trialWith(places: number, concurrency: number, off = 1, failedOf = 0): TrialResult {
  const tasks = tasksAt(concurrency);
  const spans: Span[] = [];
  const lanes = Array.from({ length: concurrency }, () => 0);
  const free = Array.from({ length: places }, () => 0);
  for (let input = 1; input <= tasks; input++) {
    const lane = lanes.indexOf(Math.min(...lanes));
    const place = free.indexOf(Math.min(...free));
    const startMs = lanes[lane]!;
    const endMs = Math.max(startMs, free[place]!) + TASK_MS * off;
    lanes[lane] = endMs;
    free[place] = endMs;
    const outcome = input <= failedOf ? 'failed' : 'ok';
    spans.push({ input, startMs, endMs, thread: 0, outcome });
  }
  return trialOf(spans, Math.max(...lanes));
}

function trialOf(spans: readonly Span[], tookMs: number): TrialResult {
  const measurement = {
    timesMs: [tookMs],
    memory: { baselineMiB: 70, peakMiB: 75 },
    spans: tableOf(spans),
    loopTrack: { startMs: 0, stepMs: 5, lateMs: [] },
    cpuMs: 1,
    loopDelayMs: { p99: 1, max: 1 },
    loopUtilization: 0.1,
  };
  return { measurement, limitMs: 0 };
}

const settings = {
  kind: 'io',
  job: 'fetch-order',
  conditions: { latencyMs: 100, jitterMs: 0 },
} as IoSettings;
const swept: SweepSettings = { settings, approach: 'bounded-pool', most: 64, repeats: 3 };

/** What each trial is off by: the same for all C, and another in each round. */
const OFF = [1, 1.02, 0.98];

async function sweepOf(measureAt: MeasureAt, more: Partial<SweepSettings> = {}) {
  const made: Array<readonly [concurrency: number, repeat: number]> = [];
  const sweep = await sweepBy(
    (concurrency, repeat) => {
      made.push([concurrency, repeat]);
      return measureAt(concurrency, repeat);
    },
    { ...swept, ...more },
  );
  return { sweep, made, tried: sweep.points.map(({ concurrency }) => concurrency) };
}

test('the knee of a far side with so many places is their number', async () => {
  for (const places of [1, 2, 4, 8, 16]) {
    const { sweep } = await sweepOf(async (concurrency, repeat) =>
      trialWith(places, concurrency, OFF[repeat]),
    );
    assert.deepEqual(sweep.finding, { what: 'found', concurrency: places });
    const knee = sweep.points.find(({ concurrency }) => concurrency === places)!;
    assert.ok(Math.abs(knee.throughputPerS - places * 10) < 0.01 * places * 10);
    assert.equal(knee.latencyMs.median, 100);
  }
});

/** A token bucket as the API has it: whoever finds it empty asks again when the next token is there. */
function trialAtRate({ perSecond, burst }: Rate, concurrency: number, off: number): TrialResult {
  const latencyMs = 20 * off;
  const tasks = tasksAt(concurrency, undefined, { perSecond, burst });
  const lanes = Array.from({ length: concurrency }, () => 0);
  let tokens = burst;
  let atMs = 0;
  const spans: Span[] = [];
  for (let input = 1; input <= tasks; input++) {
    const startMs = Math.min(...lanes);
    const askedMs = Math.max(startMs, atMs);
    tokens = Math.min(burst, tokens + ((askedMs - atMs) * perSecond) / 1000);
    const waitMs = tokens >= 1 ? 0 : ((1 - tokens) * 1000) / perSecond;
    tokens += (waitMs * perSecond) / 1000 - 1;
    atMs = askedMs + waitMs;
    lanes[lanes.indexOf(startMs)] = atMs + latencyMs;
    spans.push({ input, startMs, endMs: atMs + latencyMs, thread: 0, outcome: 'ok' });
  }
  return trialOf(spans, Math.max(...lanes));
}

test('at a rate the knee is the least C that reaches it, and the burst counts for nothing', async () => {
  for (const [rate, knee] of [
    [{ perSecond: 100, burst: 10 }, 2],
    [{ perSecond: 200, burst: 40 }, 4],
    [{ perSecond: 400, burst: 1 }, 8],
  ] as const) {
    const atRate = { ...settings, conditions: { ...settings.conditions, rate } } as IoSettings;
    const { sweep } = await sweepOf(
      async (concurrency, repeat) => trialAtRate(rate, concurrency, OFF[repeat]!),
      { settings: atRate },
    );
    assert.deepEqual(sweep.finding, { what: 'found', concurrency: knee });
    const last = sweep.points.at(-1)!;
    const ofRate = last.throughputPerS / rate.perSecond;
    assert.ok(Math.abs(ofRate - 1) < 0.02, `${last.concurrency}: ${ofRate} of the rate`);
  }
});

test('it stops where a task takes three times as long as one at a time, and every C has its trials by then', async () => {
  const { sweep, made, tried } = await sweepOf(async (concurrency) => trialWith(8, concurrency));
  assert.deepEqual(tried, [1, 2, 4, 8, 16, 32]);
  assert.deepEqual(sweep.ended, { why: 'latency', times: 4 });
  // The first round goes up. The others take turns.
  assert.deepEqual(
    made.filter(([, repeat]) => repeat === 0).map(([concurrency]) => concurrency),
    tried,
  );
  const second = made.filter(([, repeat]) => repeat === 1).map(([concurrency]) => concurrency);
  assert.deepEqual(second, [2, 4, 8, 16, 32, 1]);
  assert.equal(made.length, 3 * tried.length);
});

test('it stops where two doublings in a row give no more', async () => {
  // A far side that answers everybody as slowly as it can: the throughput ends, the latency does not grow in a lane.
  const flat = async (concurrency: number) => trialWith(64, Math.min(concurrency, 4));
  const { sweep, tried } = await sweepOf(async (concurrency) => flat(concurrency));
  assert.deepEqual(tried, [1, 2, 4, 8, 16]);
  assert.deepEqual(sweep.ended, { why: 'flat' });
});

test('a slow moment in the first round does not end a sweep whose other rounds still grow', async () => {
  const slow = async (concurrency: number, repeat: number) =>
    trialWith(64, concurrency, repeat === 0 && concurrency > 4 && concurrency < 32 ? 2.9 : 1);
  const { sweep, tried } = await sweepOf(slow, { most: 32, repeats: 5 });
  assert.ok(tried.includes(32), String(tried));
  assert.equal(sweep.points.find(({ concurrency }) => concurrency === 16)!.throughput.trials.length, 5);
});

test('a trial that is stopped ends the sweep: its C is no point, and no larger one is tried', async () => {
  const refuses = async (concurrency: number): Promise<TrialResult> =>
    concurrency >= 8 ? { error: 'stopped when 9 of 40 tasks had failed' } : trialWith(64, concurrency);
  const { sweep, made, tried } = await sweepOf(refuses);
  assert.deepEqual(tried, [1, 2, 4]);
  assert.deepEqual(sweep.ended, {
    why: 'stopped',
    concurrency: 8,
    error: 'stopped when 9 of 40 tasks had failed',
  });
  assert.equal(made.filter(([concurrency]) => concurrency >= 8).length, 1);
});

test('failures are counted over all trials of a C, and only what succeeded is throughput', async () => {
  const { sweep } = await sweepOf(async (concurrency) => trialWith(1, concurrency, 1, 5), { most: 2 });
  const [first] = sweep.points;
  assert.equal(first!.failed, 15);
  assert.ok(Math.abs(first!.throughputPerS - 7.5) < 1e-9);
});

test('what is tried ends with what is allowed', () => {
  assert.deepEqual(concurrenciesUpTo(64), [1, 2, 4, 8, 16, 32, 64]);
  assert.deepEqual(concurrenciesUpTo(100), [1, 2, 4, 8, 16, 32, 64, 100]);
  assert.deepEqual(concurrenciesUpTo(1), [1]);
  assert.deepEqual([tasksAt(1), tasksAt(16), tasksAt(16, 4), tasksAt(2, 40)], [20, 80, 16, 40]);
});
