// The same job at C = 1, 2, 4, 8 …: how throughput and latency change with the number of tasks at once. Every trial is a
// process of its own, and the rounds after the first take the numbers in turns.
import type { ApproachName } from '../running/registry.ts';
import type { Rate } from '../api/limits.ts';
import type { Span } from '../running/recorded.ts';
import { spansOf } from '../running/span-table.ts';
import { runTrial, stageFor, type CompareOptions } from './compare.ts';
import { kneeOf, type KneeFinding } from './knee.ts';
import { estimateMs, ownWarmup, type ComparisonSettings } from './plan.ts';
import type { TrialResult } from './row.ts';
import { apart, median, spreadOf, type Spread } from './statistics.ts';
import { rotated, type Progress } from './steps.ts';

/** The approach whose concurrency is swept: lanes in one thread, or threads where lanes compute nothing. */
export type SweptApproach = Extract<ApproachName, 'bounded-pool' | 'worker-threads'>;

export interface SweepSettings {
  /** The comparison to run. Its size is replaced for each trial. */
  readonly settings: ComparisonSettings;
  readonly approach: SweptApproach;
  /** The largest C. */
  readonly most: number;
  /** Trials at each C. */
  readonly repeats: number;
  /** Tasks in a trial, if somebody asks for a number. */
  readonly requests?: number | undefined;
}

export interface SweepPoint {
  readonly concurrency: number;
  /** Tasks of one trial. */
  readonly tasks: number;
  /** Tasks that succeeded, in a second: the median of the trials. */
  readonly throughputPerS: number;
  readonly throughput: Spread;
  /** From the start of a task to its end. */
  readonly latencyMs: { readonly median: number; readonly p95: number };
  /** Peak over what the process held before; null where the system does not tell. */
  readonly memoryMiB: number | null;
  /** Of all trials. */
  readonly failed: number;
}

export interface Sweep {
  readonly job: string;
  readonly approach: SweptApproach;
  readonly points: readonly SweepPoint[];
  /** Why no larger C was tried. */
  readonly ended: SweepEnd;
  readonly finding: KneeFinding;
}

export type SweepEnd =
  | { readonly why: 'most' }
  | { readonly why: 'flat' }
  | { readonly why: 'latency'; readonly times: number }
  /** The part of tasks that failed is so much larger than at C = 1 that the server seems to refuse. */
  | { readonly why: 'failing'; readonly concurrency: number }
  | { readonly why: 'stopped'; readonly concurrency: number; readonly error: string };

/** Tasks of a trial: so many for each lane, and so many at least. */
const TASKS_PER_LANE = 5;
const LEAST_TASKS = 20;
/** A latency that has grown so many times says that the far side is full. */
const FULL = 3;
/** When this part of the tasks fails more than one at a time, the far side refuses. */
const REFUSING = 1 / 5;
/** Less than this after a doubling is no growth. */
const GROWTH = 1.1;

/** All that may be tried: the powers of two up to `most`, and `most` itself. */
export function concurrenciesUpTo(most: number): number[] {
  const all: number[] = [];
  for (let concurrency = 1; concurrency < most; concurrency *= 2) all.push(concurrency);
  return [...all, most];
}

/** At a rate, a trial lasts as long as so many seconds of it, but has only so many tasks for that. */
const RATE_SECONDS = 1 / 2;
const MOST_FOR_RATE = 200;

/**
 * Tasks that end before the throughput is counted, at an API with a rate. The burst lets the first tasks in at any rate, and the
 * bucket refills meanwhile. So about twice the burst is let in fast.
 */
const startingTasks = (rate: Rate | undefined): number =>
  rate === undefined ? 0 : Math.min(2 * rate.burst, MOST_FOR_RATE);

/** Tasks of a trial at this C: never fewer than can be in flight. */
export function tasksAt(concurrency: number, requests?: number, rate?: Rate): number {
  if (requests !== undefined) return Math.max(requests, concurrency);
  const forRate = rate === undefined ? 0 : Math.min(MOST_FOR_RATE, Math.ceil(RATE_SECONDS * rate.perSecond));
  return startingTasks(rate) + Math.max(LEAST_TASKS, TASKS_PER_LANE * concurrency, forRate);
}

/** The limit of requests in a second of the API that is asked, if there is one. */
const rateOf = (settings: ComparisonSettings): Rate | undefined =>
  settings.kind === 'io' ? settings.conditions.rate : undefined;

/** Calls of a task of own work that a sweep makes at most, retries not counted. */
export const callsOfSweep = ({
  most,
  repeats,
  requests,
}: Pick<SweepSettings, 'most' | 'repeats' | 'requests'>): number =>
  concurrenciesUpTo(most).reduce((sum, concurrency) => {
    const tasks = tasksAt(concurrency, requests);
    const size = { requests: tasks, concurrency, threads: concurrency };
    return sum + repeats * (tasks + ownWarmup(size));
  }, 0);

/** How trials are made; a test hands in its own. */
export type MeasureAt = (concurrency: number, repeat: number) => Promise<TrialResult>;

export type SweepOptions = Pick<CompareOptions, 'signal' | 'onProgress'>;

/** @throws the signal's reason; what starting the API throws */
export async function sweep(swept: SweepSettings, options: SweepOptions = {}): Promise<Sweep> {
  await using stage = await stageFor(swept.settings, options);
  return await sweepBy(
    (concurrency) => runTrial(swept.approach, sizedFor(swept, concurrency), stage),
    swept,
    options,
  );
}

const sizedFor = ({ settings, requests }: SweepSettings, concurrency: number): ComparisonSettings => ({
  ...settings,
  requests: tasksAt(concurrency, requests, rateOf(settings)),
  concurrency,
  threads: concurrency,
});

/** The same with trials of any kind. */
export async function sweepBy(
  measureAt: MeasureAt,
  swept: SweepSettings,
  { signal, onProgress }: SweepOptions = {},
): Promise<Sweep> {
  const { settings, approach, most, repeats } = swept;
  const rate = rateOf(settings);
  const candidates = concurrenciesUpTo(most);
  const progress = sweepProgress(swept, onProgress);
  const results = new Map<number, TrialResult[]>();
  let ended: SweepEnd | undefined;

  /** Another trial at this C; whether it was measured. */
  async function measure(concurrency: number, repeat: number): Promise<boolean> {
    signal?.throwIfAborted();
    progress(concurrency, repeat, results);
    const result = await measureAt(concurrency, repeat);
    const known = results.get(concurrency) ?? [];
    results.set(concurrency, [...known, result]);
    if (!('error' in result)) return true;
    ended = { why: 'stopped', concurrency, error: result.error };
    return false;
  }

  /** The points below a C at which a trial was stopped. */
  const points = () =>
    [...results]
      .filter(([concurrency]) => ended?.why !== 'stopped' || concurrency < ended.concurrency)
      .map(([concurrency, trials]) =>
        pointOf(concurrency, tasksAt(concurrency, swept.requests, rate), trials, startingTasks(rate)),
      );

  for (const concurrency of candidates) {
    if (!(await measure(concurrency, 0))) break;
    ended = endOf(points());
    if (ended) break;
  }
  for (let repeat = 1; repeat < repeats; repeat++) {
    for (const concurrency of rotated(
      points().map((point) => point.concurrency),
      repeat,
    )) {
      if (ended?.why === 'stopped' && concurrency >= ended.concurrency) continue;
      await measure(concurrency, repeat);
    }
  }
  // A slow moment in the first round may have looked like the end of growth. All rounds together know better.
  while (ended?.why === 'flat' && stillGrows(points())) {
    const next = candidates[results.size];
    if (next === undefined) break;
    for (let repeat = 0; repeat < repeats; repeat++) if (!(await measure(next, repeat))) break;
    if (ended.why === 'flat') ended = endOf(points()) ?? ended;
  }
  const found = points();
  const end: SweepEnd = ended ?? { why: 'most' };
  return {
    job: settings.job,
    approach,
    points: found,
    ended: end,
    finding: kneeOf(
      found.filter((point) => !isRefused(point, found)),
      end.why === 'most',
    ),
  };
}

/** `starting` tasks end before the throughput is counted. */
function pointOf(
  concurrency: number,
  tasks: number,
  trials: readonly TrialResult[],
  starting: number,
): SweepPoint {
  const measurements = trials.flatMap((trial) => ('measurement' in trial ? [trial.measurement] : []));
  const runs = measurements.map(({ spans, timesMs, memory }) => {
    const all = spansOf(spans);
    const succeeded = all.filter(({ outcome }) => outcome === 'ok').length;
    const tookMs = all.map(({ startMs, endMs }) => endMs - startMs).toSorted((a, b) => a - b);
    return {
      failed: all.length - succeeded,
      perS: starting === 0 ? (succeeded / median(timesMs)) * 1000 : settledPerS(all, starting),
      medianMs: median(tookMs),
      p95Ms: tookMs[Math.ceil(0.95 * tookMs.length) - 1]!,
      memoryMiB: memory && memory.peakMiB - memory.baselineMiB,
    };
  });
  const memories = runs.flatMap(({ memoryMiB }) => (memoryMiB === null ? [] : [memoryMiB]));
  const throughput = spreadOf(runs.map(({ perS }) => perS));
  return {
    concurrency,
    tasks,
    throughputPerS: throughput.median,
    throughput,
    latencyMs: { median: median(runs.map((run) => run.medianMs)), p95: median(runs.map((run) => run.p95Ms)) },
    memoryMiB: memories.length === runs.length ? median(memories) : null,
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
  };
}

/**
 * Tasks that succeeded, in a second, after the start and as long as every lane has work: at the end a lane that waits before
 * a retry would count for all. Too few tasks are counted from the first to the last.
 */
function settledPerS(spans: readonly Span[], starting: number): number {
  const lastStartMs = Math.max(...spans.map(({ startMs }) => startMs));
  const ends = spans.map(({ endMs }) => endMs).toSorted((a, b) => a - b);
  const settled = ends.slice(starting - 1).filter((endMs) => endMs <= lastStartMs);
  const [fromMs, toMs] =
    settled.length > 1
      ? [settled[0]!, settled.at(-1)!]
      : [Math.min(...spans.map(({ startMs }) => startMs)), ends.at(-1)!];
  const counted = spans.filter(
    ({ outcome, endMs }) => outcome === 'ok' && endMs > fromMs && endMs <= toMs,
  ).length;
  return (counted / (toMs - fromMs)) * 1000;
}

const failedPart = ({ failed, tasks, throughput }: SweepPoint): number =>
  failed / (tasks * throughput.trials.length);

const isRefused = (point: SweepPoint, [first]: readonly SweepPoint[]): boolean =>
  failedPart(point) - failedPart(first!) > REFUSING;

/** Why a first round goes no further; undefined as long as it does. */
function endOf(points: readonly SweepPoint[]): SweepEnd | undefined {
  const first = points[0]!;
  const last = points.at(-1)!;
  if (isRefused(last, points)) return { why: 'failing', concurrency: last.concurrency };
  const times = last.latencyMs.median / first.latencyMs.median;
  if (points.length > 1 && times >= FULL) return { why: 'latency', times };
  // One doubling without growth may be a hiccup; two are not.
  if (points.length < 3) return undefined;
  const before = Math.max(...points.slice(0, -2).map((point) => point.throughputPerS));
  const isFlat = points.slice(-2).every((point) => point.throughputPerS < GROWTH * before);
  return isFlat ? { why: 'flat' } : undefined;
}

/** Whether the largest C that was tried is beyond doubt better than every smaller one. */
function stillGrows(points: readonly SweepPoint[]): boolean {
  const last = points.at(-1)!;
  return points
    .slice(0, -1)
    .every(
      ({ throughput }) =>
        last.throughput.median >= GROWTH * throughput.median && apart(throughput, last.throughput),
    );
}

/** Reports an estimate of the rest: nobody knows where a sweep will end. */
function sweepProgress(swept: SweepSettings, onProgress: ((progress: Progress) => void) | undefined) {
  const { settings, approach, most, repeats } = swept;
  const all = concurrenciesUpTo(most);
  const total = all.length * repeats;
  const costMs = new Map(all.map((at) => [at, estimateMs(approach, sizedFor(swept, at))]));
  return (
    concurrency: number,
    repeat: number,
    results: ReadonlyMap<number, readonly TrialResult[]>,
  ): void => {
    const done = [...results.values()].reduce((sum, trials) => sum + trials.length, 0);
    let leftMs = 0;
    for (const at of all) leftMs += costMs.get(at)! * (repeats - (results.get(at)?.length ?? 0));
    onProgress?.({
      doing: `${settings.job}: C = ${concurrency}, ${repeat + 1} of ${repeats}`,
      done,
      total,
      leftMs,
    });
  };
}
