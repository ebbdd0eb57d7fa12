// One approach in a comparison: what its trials say together.
import type { Stats } from '../api/counters.ts';
import type { ApproachName } from '../running/registry.ts';
import type { Span } from '../running/recorded.ts';
import { failuresIn, lengthMs, spansOf } from '../running/span-table.ts';
import type { FailedRow, Memory, Row } from './comparison.ts';
import { median, spreadOverTrials } from './statistics.ts';
import type { Measurement } from './trial.ts';

/** What one trial of an approach said, or why it said nothing. */
export type TrialResult = MeasuredTrial | { readonly error: string };

export interface MeasuredTrial {
  readonly measurement: Measurement;
  /** The shortest time that the settings of this trial allow. */
  readonly limitMs: number;
  /** What the API saw, where one could be asked. */
  readonly stats?: Stats | undefined;
}

/**
 * If a run is faster than its limit by more than a tenth, the limit was measured in a slower minute and does not count.
 * "163 % of ideal" would tell of that minute and not of the approach.
 */
const BEATEN = 1.1;

export interface RowOptions {
  /** The machine's own limit, where it was measured. */
  readonly measuredLimitMs?: number | null;
  /** Whether the API has limits: then a row says what it did about them. */
  readonly isLimited?: boolean;
}

/**
 * The row of `approach`, set against nothing but its limit: `measuredLimitMs` where the machine's own was measured, and
 * otherwise what the settings of its trials allow.
 */
export function rowOf(
  approach: ApproachName,
  trials: readonly TrialResult[],
  { measuredLimitMs = null, isLimited = false }: RowOptions = {},
): Row | FailedRow {
  const failure = trials.find((trial) => 'error' in trial);
  if (failure) return { approach, error: failure.error };
  const measured = trials.filter((trial) => 'measurement' in trial);
  const of = (figure: (measurement: Measurement) => number) =>
    measured.map((trial) => figure(trial.measurement));
  const timeMs = spreadOverTrials(measured.map((trial) => trial.measurement.timesMs));
  const limitMs = measuredLimitMs ?? median(measured.map((trial) => trial.limitMs));
  const isBeaten = limitMs > BEATEN * timeMs.median;
  const shown = typicalRun(measured.map((trial) => trial.measurement));
  const failed = failuresIn(shown.spans);
  const peaks = measured.flatMap(({ stats }) => (stats ? [stats.peakInFlight] : []));
  const cpuSamplesMs = of((m) => m.cpuMs);
  const spans = spansOf(shown.spans);
  return {
    approach,
    timeMs,
    speedup: null,
    limitMs,
    ofLimit: failed > 0 || limitMs === 0 || isBeaten ? null : limitMs / timeMs.median,
    peakInFlight: peaks.length > 0 ? Math.max(...peaks) : peakOverlap(spans),
    ...(isLimited && atLimits(measured.find(({ measurement }) => measurement === shown)!)),
    succeeded: spans.length - failed,
    failed,
    memory: memoryOf(measured.map((trial) => trial.measurement)),
    cpuMs: median(cpuSamplesMs),
    cpuSamplesMs,
    loopDelayMs: {
      p99: median(of((m) => m.loopDelayMs.p99)),
      max: Math.max(...of((m) => m.loopDelayMs.max)),
    },
    loopUtilization: median(of((m) => m.loopUtilization)),
    spans,
    loopTrack: shown.loopTrack,
  };
}

/** Nothing where nobody could ask the API. */
function atLimits({ measurement: { spans, timesMs }, stats }: MeasuredTrial): Pick<Row, 'atLimits'> {
  if (!stats) return {};
  const { refused, queued, longestQueue, queueMs } = stats;
  const arrived = spans.inputs.length - failuresIn(spans);
  const goodputPerSecond = (arrived / median(timesMs)) * 1000;
  return { atLimits: { refused, queued, longestQueue, queueMs, goodputPerSecond } };
}

function memoryOf(measurements: readonly Measurement[]): Memory | null {
  const known = measurements.flatMap(({ memory }) => (memory ? [memory] : []));
  if (known.length < measurements.length) return null;
  const peaksMiB = known.map(({ peakMiB }) => peakMiB);
  return {
    baselineMiB: median(known.map(({ baselineMiB }) => baselineMiB)),
    peakMiB: median(peaksMiB),
    overBaselineMiB: median(known.map(({ peakMiB, baselineMiB }) => peakMiB - baselineMiB)),
    peaksMiB,
  };
}

/** The run with the most failures, because none of them may be lost. Among equals it is the run of median length. */
function typicalRun(runs: readonly Measurement[]): Measurement {
  const most = Math.max(...runs.map(({ spans }) => failuresIn(spans)));
  const worst = runs
    .filter(({ spans }) => failuresIn(spans) === most)
    .toSorted((one, other) => lengthMs(one.spans) - lengthMs(other.spans));
  return worst[worst.length >> 1]!;
}

/** The most spans that were open at one moment. */
export function peakOverlap(spans: readonly Span[]): number {
  // Arrays of plain numbers: a million spans make two million of them.
  const starts = Float64Array.from(spans, ({ startMs }) => startMs).sort();
  const ends = Float64Array.from(spans, ({ endMs }) => endMs).sort();
  // At least one, also where every span is shorter than a tick of the clock.
  let peak = Math.min(1, spans.length);
  let ended = 0;
  for (const [started, startMs] of starts.entries()) {
    while (ended < started && ends[ended]! <= startMs) ended++;
    peak = Math.max(peak, started + 1 - ended);
  }
  return peak;
}
