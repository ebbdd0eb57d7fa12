// What a comparison says: the measurements of one job over all approaches, as a report and the JSON show them.
import type { ApproachName } from '../running/registry.ts';
import type { Faults } from '../api/faults.ts';
import type { Rate, Stoves } from '../api/limits.ts';
import type { CpuJobName, IoJobName, Network } from '../jobs/job.ts';
import type { RunSize } from '../running/work.ts';
import type { Span } from '../running/recorded.ts';
import type { Nature, Probe } from './nature.ts';
import type { LoopTrack } from './loop-track.ts';
import type { Spread } from './statistics.ts';

/** Resident memory of one run, threads included: medians over the trials, and the peak of each. */
export interface Memory {
  readonly baselineMiB: number;
  readonly peakMiB: number;
  readonly overBaselineMiB: number;
  readonly peaksMiB: readonly number[];
}

/** What an API with limits saw of the run whose requests the row has. */
export interface AtLimits {
  /** Requests that were refused. Some may have been repeated until they were not. */
  readonly refused: number;
  /** Requests that waited for a stove, and the most of them at once. */
  readonly queued: number;
  readonly longestQueue: number;
  /** How long all of them together waited. */
  readonly queueMs: number;
  /** Goodput: orders that arrived, for each second of the run. Refusals are traffic too, but nobody wants them. */
  readonly goodputPerSecond: number;
}

/** What a queue cost, in addition to the process that submitted the jobs. A figure is null if the system does not tell it. */
export interface QueueFigures {
  /** Successful jobs in each second of the run. */
  readonly throughputPerSecond: number;
  /** Jobs that were begun more than once, in any run. A queue promises "at least once". */
  readonly begunAgain: number;
  /** Parts of the row's memory: what the run added to the process that submitted the jobs, and all that the workers held. */
  readonly memory: {
    readonly submitterMiB: number;
    readonly workersMiB: number;
    /** Not part of the row's memory. Null for a database that another program started. */
    readonly databaseMiB: number | null;
  } | null;
  /** The first two are parts of the row's CPU time. That of the database is not. */
  readonly cpuMs: {
    readonly submitter: number;
    readonly workers: number;
    readonly database: number | null;
  } | null;
}

/** What it costs to keep jobs in a database. */
export interface Durability {
  /** The approach that did the same in memory, with the same number of tasks at once. */
  readonly beside: ApproachName;
  /** The additional time of a job: the difference between the median times of whole runs, divided by the number of jobs. */
  readonly perJobMs: number;
  /** The sum of both deviations, divided by the number of jobs. */
  readonly madMs: number;
}

export interface Row {
  readonly approach: ApproachName;
  /** Time of a whole run over all inputs. */
  readonly timeMs: Spread;
  /** Against `sequential`; null where that did not run, or one of the two had failures and so did less work. */
  readonly speedup: number | null;
  /** The shortest time this approach could take under these conditions; 0 where the API takes none. */
  readonly limitMs: number;
  /** limitMs / median: 1 is perfect. null where there were failures or no limit, or where the run was far below it. */
  readonly ofLimit: number | null;
  /** As the API saw it; for CPU work, as the spans overlap. */
  readonly peakInFlight: number;
  /** What the API did about its limits; absent where it has none. */
  readonly atLimits?: AtLimits;
  readonly succeeded: number;
  readonly failed: number;
  /** What a queue cost. Absent for an approach without a queue. */
  readonly queue?: QueueFigures;
  /**
   * Null if the system does not tell it, for instance a Linux without /proc. For a queue it is the sum of the peaks of all
   * processes except the database.
   */
  readonly memory: Memory | null;
  /** The CPU time of all processes except the database. */
  readonly cpuMs: number;
  /** cpuMs of each trial. */
  readonly cpuSamplesMs: readonly number[];
  readonly loopDelayMs: { readonly p99: number; readonly max: number };
  readonly loopUtilization: number;
  /** The requests of one run: of the typical run, or of the run with the most failures. */
  readonly spans: readonly Span[];
  /** How late the event loop was in that run. */
  readonly loopTrack: LoopTrack;
}

/** An approach whose trial ended without a measurement, and what is known of the reason. */
export interface FailedRow {
  readonly approach: ApproachName;
  readonly error: string;
}

/** An approach that does not apply to the reader's own work, or must not be used on it. */
export interface LeftOutRow {
  readonly approach: ApproachName;
  /** Why it was not run. */
  readonly leftOut: string;
}

export type AnyRow = Row | FailedRow | LeftOutRow;

export const isMeasured = (row: AnyRow): row is Row => 'timeMs' in row;
export const isLeftOut = (row: AnyRow): row is LeftOutRow => 'leftOut' in row;

interface AnyComparison extends RunSize {
  /** The name of the queue's database for readers, without a password. Absent without a queue. */
  readonly database?: string;
  /** The additional time of a job through the queue. Absent unless it is beyond doubt. */
  readonly durability?: Durability;
  readonly rows: readonly AnyRow[];
}

/** Of a job that asks the API, and waits for it. */
export interface IoComparison extends AnyComparison {
  readonly kind: 'io';
  readonly job: IoJobName;
  readonly network: Network;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** What was asked for: the first of `seeds`. */
  readonly seed: number;
  /** One for each turn over the approaches where chance decides a run's time, and otherwise `seed` alone. */
  readonly seeds: readonly number[];
  /** The faults that were asked for; absent where none were. */
  readonly faults?: Faults;
  /** How many orders the API cooks at once, and how many requests it lets in; absent where it has no such limit. */
  readonly stoves?: Stoves;
  readonly rate?: Rate;
  readonly timeoutMs: number;
  readonly retryBudget: number;
  /** That of bounded-pool. */
  readonly limitMs: number;
  /** Client and server time of one request to an API without latency; null where it was not measured. */
  readonly mockCostMs: number | null;
}

/** Of a job that computes. */
export interface CpuComparison extends AnyComparison {
  readonly kind: 'cpu';
  readonly job: CpuJobName;
  /** CPU time of one task. */
  readonly costMs: number;
  /** What as many tasks took when split over separate processes; null where none ran. */
  readonly limitMs: number | null;
  /** How many separate processes made the limit; absent where none ran. */
  readonly processes?: number;
  /** How much faster those processes were than `sequential`; null where one of the two is not known. */
  readonly machineSpeedup: number | null;
}

/** Of the reader's own work. */
export interface OwnComparison extends AnyComparison {
  readonly kind: 'own';
  /** The name of the module's file. */
  readonly job: string;
  /** The paths of the module and of a file with its inputs, as they were typed. */
  readonly file: string;
  readonly inputsFile?: string;
  /** The inputs that the module has; undefined where that is not known. */
  readonly inputsInAll?: number;
  readonly probe: Probe;
  /** What the probe says, or whoever asked for something else. */
  readonly nature: Nature;
  /** The most that was allowed in flight at once. */
  readonly most: number;
  readonly timeoutMs: number;
  readonly retryBudget: number;
  /** What as many tasks took when split over separate processes; null where none ran. */
  readonly limitMs: number | null;
  /** How many separate processes made the limit; absent where none ran. */
  readonly processes?: number;
  /** How much faster those processes were than `sequential`; null where one of the two is not known. */
  readonly machineSpeedup: number | null;
}

export type Comparison = IoComparison | CpuComparison | OwnComparison;

type LimitedComparison = IoComparison & ({ readonly stoves: Stoves } | { readonly rate: Rate });

/** Whether the API that was asked takes only so many requests at once, or in a second. */
export const hasLimits = (comparison: Comparison): comparison is LimitedComparison =>
  comparison.kind === 'io' && (comparison.stoves !== undefined || comparison.rate !== undefined);

/** The name of a comparison within its run. A job may be measured at an API with limits and at one without. */
export const nameOf = (comparison: Comparison): string =>
  hasLimits(comparison) ? `${comparison.job} with limits` : comparison.job;
