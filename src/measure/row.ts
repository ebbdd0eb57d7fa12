// One approach in a comparison: what its trials say together.
import type { Stats } from '../api/counters.ts';
import type { ApproachName } from '../running/registry.ts';
import { windowOf, type Span } from '../running/recorded.ts';
import type { FailedRow, Row } from './comparison.ts';
import { limitOf, type ComparisonSettings } from './plan.ts';
import { median, spreadOverTrials } from './statistics.ts';
import type { Measurement } from './trial.ts';

/** What one trial of an approach said, or why it said nothing. */
export type TrialResult = MeasuredTrial | { readonly error: string };

interface MeasuredTrial {
  readonly measurement: Measurement;
  /** What the API saw, where one was asked. */
  readonly stats?: Stats | undefined;
}

/**
 * The row of `approach`, set against nothing but its limit: `measuredLimitMs` where the machine's own was measured, and
 * otherwise what the settings allow.
 */
export function rowOf(
  approach: ApproachName,
  trials: readonly TrialResult[],
  settings: ComparisonSettings,
  measuredLimitMs: number | null = null,
): Row | FailedRow {
  const failure = trials.find((trial) => 'error' in trial);
  if (failure) return { approach, error: failure.error };
  const measured = trials.filter((trial) => 'measurement' in trial);
  const of = (figure: (measurement: Measurement) => number) =>
    measured.map((trial) => figure(trial.measurement));
  const timeMs = spreadOverTrials(measured.map((trial) => trial.measurement.timesMs));
  const limitMs = measuredLimitMs ?? limitOf(approach, settings);
  const { spans, loopTrack } = typicalRun(measured.map((trial) => trial.measurement));
  const failed = failuresIn(spans);
  const peaks = measured.flatMap(({ stats }) => (stats ? [stats.peakInFlight] : []));
  const peaksMiB = of((m) => m.memory.peakMiB);
  const cpuSamplesMs = of((m) => m.cpuMs);
  return {
    approach,
    timeMs,
    speedup: null,
    limitMs,
    ofLimit: failed > 0 || limitMs === 0 ? null : limitMs / timeMs.median,
    peakInFlight: peaks.length > 0 ? Math.max(...peaks) : peakOverlap(spans),
    succeeded: spans.length - failed,
    failed,
    memory: {
      baselineMiB: median(of((m) => m.memory.baselineMiB)),
      peakMiB: median(peaksMiB),
      overBaselineMiB: median(of((m) => m.memory.peakMiB - m.memory.baselineMiB)),
      peaksMiB,
    },
    cpuMs: median(cpuSamplesMs),
    cpuSamplesMs,
    loopDelayMs: {
      p99: median(of((m) => m.loopDelayMs.p99)),
      max: Math.max(...of((m) => m.loopDelayMs.max)),
    },
    loopUtilization: median(of((m) => m.loopUtilization)),
    spans,
    loopTrack,
  };
}

const failuresIn = (spans: readonly Span[]): number => spans.filter(({ outcome }) => outcome !== 'ok').length;

/** The run with the most failures, since none may be lost; among equals the one of median length. */
function typicalRun(runs: readonly Measurement[]): Measurement {
  const length = ({ spans }: Measurement) => {
    const [startMs, endMs] = windowOf(spans);
    return endMs - startMs;
  };
  const most = Math.max(...runs.map(({ spans }) => failuresIn(spans)));
  const worst = runs
    .filter(({ spans }) => failuresIn(spans) === most)
    .toSorted((a, b) => length(a) - length(b));
  return worst[worst.length >> 1]!;
}

/** The most spans that were open at one moment. */
export function peakOverlap(spans: readonly Span[]): number {
  const edges = spans.flatMap(({ startMs, endMs }) => [
    { at: startMs, step: 1 },
    { at: endMs, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || a.step - b.step);
  // At least one, also where every span is shorter than a tick of the clock.
  let [open, peak] = [0, Math.min(1, spans.length)];
  for (const { step } of edges) peak = Math.max(peak, (open += step));
  return peak;
}
