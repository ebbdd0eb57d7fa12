// The measurements of one job over all approaches: what a comparison says, made from what its trials reported.
import type { ApproachName } from '../running/registry.ts';
import type { Faults } from '../api/faults.ts';
import type { Stats } from '../api/counters.ts';
import type { Span } from '../running/recorded.ts';
import type { LoopTrack } from './loop-track.ts';
import { isCpu, limitOf, type ComparisonSettings } from './plan.ts';
import { rowOf } from './row.ts';
import { median, type Spread } from './statistics.ts';
import type { Measurement } from './trial.ts';

export interface Row {
  readonly approach: ApproachName;
  /** Time of a whole run over all inputs. */
  readonly timeMs: Spread;
  /** Against `sequential`; null where that did not run, or one of the two had failures and so did less work. */
  readonly speedup: number | null;
  /** The shortest time this approach could take under these conditions; 0 where the API takes none. */
  readonly limitMs: number;
  /** limitMs / median: 1 is perfect; null where there were failures, or no limit. */
  readonly ofLimit: number | null;
  /** As the API saw it; for CPU work, as the spans overlap. */
  readonly peakInFlight: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Resident, threads included: medians over the trials, and the peak of each. */
  readonly memory: {
    readonly baselineMiB: number;
    readonly peakMiB: number;
    readonly overBaselineMiB: number;
    readonly peaksMiB: readonly number[];
  };
  readonly cpuMs: number;
  /** cpuMs of each trial. */
  readonly cpuSamplesMs: readonly number[];
  readonly loopDelayMs: { readonly p99: number; readonly max: number };
  readonly loopUtilization: number;
  /** Of one run: the typical one, or the one with the most failures. */
  readonly spans: readonly Span[];
  /** How late the event loop was in that run. */
  readonly loopTrack: LoopTrack;
}

/** An approach whose trial ended without a measurement, and what is known of the reason. */
export interface FailedRow {
  readonly approach: ApproachName;
  readonly error: string;
}

export interface Comparison {
  readonly job: ComparisonSettings['job'];
  readonly network: ComparisonSettings['network'];
  readonly requests: number;
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly seed: number;
  /** The faults that were asked for; absent where none were. */
  readonly faults?: Faults;
  readonly timeoutMs: number;
  readonly retryBudget: number;
  readonly concurrency: number;
  readonly threads: number;
  /** CPU time of one task; null for jobs that wait. */
  readonly costMs: number | null;
  /** I/O: that of bounded-pool. CPU: as many tasks split over `processes`; null where none ran. */
  readonly limitMs: number | null;
  /** CPU: the separate processes that made the limit; absent where none ran. */
  readonly processes?: number;
  /** CPU: how much faster those processes were than `sequential`; null where one of the two is not known. */
  readonly machineSpeedup: number | null;
  /** Client and server time of one request to an API without latency; null for CPU work. */
  readonly mockCostMs: number | null;
  readonly rows: ReadonlyArray<Row | FailedRow>;
}

export const isMeasured = (row: Row | FailedRow): row is Row => !('error' in row);

/** What one trial of an approach said, or why it said nothing. */
export type TrialResult =
  { readonly measurement: Measurement; readonly stats: Stats } | { readonly error: string };

/** What was measured beside the trials of the approaches. */
export interface Beside {
  /** How long as many tasks took when split over `processes`, for each repeat. */
  readonly parallelMs: readonly number[];
  readonly processes: number;
  readonly mockCostMs: number | null;
}

export function comparisonOf(
  settings: ComparisonSettings,
  results: ReadonlyMap<ApproachName, readonly TrialResult[]>,
  { parallelMs, processes, mockCostMs }: Beside,
): Comparison {
  const cpu = isCpu(settings);
  const parallelLimitMs = parallelMs.length > 0 ? median(parallelMs) : null;
  const rows = Array.from(results, ([approach, trials]) =>
    rowOf(approach, trials, settings, parallelLimitMs),
  );
  const isSound = (row: Row | FailedRow): row is Row => isMeasured(row) && row.failed === 0;
  const sequentialMs =
    rows.filter(isSound).find((row) => row.approach === 'sequential')?.timeMs.median ?? null;
  const { job, network, requests, concurrency, threads, costMs, conditions, timeoutMs, retryBudget } =
    settings;
  return {
    job,
    network,
    requests,
    ...conditions,
    timeoutMs,
    retryBudget,
    concurrency,
    threads,
    costMs: cpu ? costMs : null,
    limitMs: cpu ? parallelLimitMs : limitOf('bounded-pool', settings),
    ...(parallelLimitMs !== null && { processes }),
    machineSpeedup: parallelLimitMs && sequentialMs && sequentialMs / parallelLimitMs,
    mockCostMs,
    rows: rows.map((row) =>
      isSound(row) ? { ...row, speedup: sequentialMs && sequentialMs / row.timeMs.median } : row,
    ),
  };
}
