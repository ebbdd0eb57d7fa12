// One approach in a comparison: what its trials say together.
import type { Stats } from '../api/counters.ts';
import type { ApproachName } from '../running/registry.ts';
import type { Span } from '../running/recorded.ts';
import { failuresIn, lengthMs, spansOf } from '../running/span-table.ts';
import type { FailedRow, Memory, Row } from './comparison.ts';
import { median, spreadOverTrials } from './statistics.ts';
import type { Measurement, PeakMemory } from './trial.ts';

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
  const cpuSamplesMs = of((m) => m.cpuMs + (m.beside?.cpuMs?.workers ?? 0));
  const spans = spansOf(shown.spans);
  return {
    approach,
    timeMs,
    speedup: null,
    limitMs,
    ofLimit: failed > 0 || limitMs === 0 || isBeaten ? null : limitMs / timeMs.median,
    peakInFlight: peaks.length > 0 ? Math.max(...peaks) : peakOverlap(spans),
    ...(isLimited && atLimits(measured.find(({ measurement }) => measurement === shown)!)),
    ...queueFigures(measured, (spans.length - failed) / timeMs.median),
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

/** Medians of what the trials used. `perMs` is how many jobs succeeded for each millisecond of the run. */
function queueFigures(trials: readonly MeasuredTrial[], perMs: number): Pick<Row, 'queue'> {
  const known = trials.flatMap(({ measurement }) =>
    measurement.beside ? [{ ...measurement, beside: measurement.beside }] : [],
  );
  if (known.length === 0) return {};
  const memories = known.map(
    ({ memory, beside }) => memory && beside.memory && { ...memory, ...beside.memory },
  );
  const times = known.map(({ cpuMs, beside }) => beside.cpuMs && { submitter: cpuMs, ...beside.cpuMs });
  return {
    queue: {
      throughputPerSecond: perMs * 1000,
      begunAgain: known.reduce((sum, { beside }) => sum + beside.begunAgain, 0),
      memory: unlessNull(memories, (all) => ({
        submitterMiB: median(all.map(({ baselineMiB, peakMiB }) => peakMiB - baselineMiB)),
        workersMiB: median(all.map(({ workersMiB }) => sumOf(workersMiB))),
        databaseMiB: medianOrNull(all.map(({ databaseMiB }) => databaseMiB)),
      })),
      cpuMs: unlessNull(times, (all) => ({
        submitter: median(all.map(({ submitter }) => submitter)),
        workers: median(all.map(({ workers }) => workers)),
        database: medianOrNull(all.map(({ database }) => database)),
      })),
    },
  };
}

/** Calls `make` with the values. Null if one of them is not known. */
function unlessNull<Value, Made>(
  values: ReadonlyArray<Value | null>,
  make: (values: readonly Value[]) => Made,
): Made | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? make(known) : null;
}

const medianOrNull = (values: ReadonlyArray<number | null>): number | null => unlessNull(values, median);

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The memory of all processes except the database. Null if that of one of them is not known. */
function wholeMemory({ memory, beside }: Measurement): PeakMemory | null {
  if (!beside || !memory) return memory;
  if (!beside.memory) return null;
  const { baselineMiB, peakMiB } = memory;
  return { baselineMiB, peakMiB: peakMiB + sumOf(beside.memory.workersMiB) };
}

function memoryOf(measurements: readonly Measurement[]): Memory | null {
  const known = measurements.map(wholeMemory).filter((memory) => memory !== null);
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
