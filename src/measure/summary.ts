// From what the trials of a comparison reported to what it says.
import type { ApproachName } from '../running/registry.ts';
import {
  isMeasured,
  type Comparison,
  type CpuComparison,
  type FailedRow,
  type IoComparison,
  type OwnComparison,
  type Row,
} from './comparison.ts';
import { durabilityOf } from './durability.ts';
import {
  hasLimits,
  limitOf,
  ofTurn,
  processesBeside,
  seedsOf,
  sizeOf,
  type ComparisonSettings,
  type CpuSettings,
  type IoSettings,
  type OwnSettings,
} from './plan.ts';
import { rowOf, type TrialResult } from './row.ts';
import { median } from './statistics.ts';

/** What the trials of each approach said. */
export type Results = ReadonlyMap<ApproachName, readonly TrialResult[]>;

/**
 * The limit of the machine for work that computes: how long the tasks of a run took, split over separate processes. The key is
 * the number of processes. There is one time for each time that they ran.
 */
export type SplitTimes = ReadonlyMap<number, readonly number[]>;

/** `mockCostMs` is what a request to an API without latency took; null where it was not measured. */
export function ioComparison(
  settings: IoSettings,
  results: Results,
  mockCostMs: number | null,
): IoComparison {
  const { kind, job, network, conditions, timeoutMs, retryBudget } = settings;
  const isLimited = hasLimits(settings);
  const rows = Array.from(results, ([approach, trials]) => rowOf(approach, trials, { isLimited }));
  const seeds = seedsOf(settings);
  return withDurability({
    kind,
    job,
    network,
    ...sizeOf(settings),
    ...databaseOf(settings),
    ...conditions,
    seeds,
    timeoutMs,
    retryBudget,
    limitMs: median(seeds.map((_, turn) => limitOf('bounded-pool', ofTurn(settings, turn)))),
    mockCostMs,
    rows: withSpeedups(rows),
  });
}

export function cpuComparison(settings: CpuSettings, results: Results, splitMs: SplitTimes): CpuComparison {
  const { kind, job, costMs } = settings;
  return withDurability({
    kind,
    job,
    ...sizeOf(settings),
    ...databaseOf(settings),
    costMs,
    ...besideProcesses(settings, results, splitMs),
  });
}

export function ownComparison(settings: OwnSettings, results: Results, splitMs: SplitTimes): OwnComparison {
  const { kind, job, file, inputsFile, inputsInAll, probe, nature, most, work, retryBudget, leftOut } =
    settings;
  const { rows, ...limit } = besideProcesses(settings, results, splitMs);
  return withDurability({
    kind,
    job,
    file,
    ...(inputsFile !== undefined && { inputsFile }),
    ...(inputsInAll !== undefined && { inputsInAll }),
    ...sizeOf(settings),
    ...databaseOf(settings),
    probe,
    nature,
    most,
    timeoutMs: work.timeoutMs,
    retryBudget,
    ...limit,
    rows: settings.approaches.map((approach) => {
      const reason = leftOut[approach];
      if (reason !== undefined) return { approach, leftOut: reason };
      return rows.find((row) => row.approach === approach)!;
    }),
  });
}

/** Where the queue kept its jobs, in words. */
const databaseOf = ({ queueAt }: ComparisonSettings): Pick<Comparison, 'database'> =>
  queueAt === undefined ? {} : { database: queueAt.shown };

function withDurability<Compared extends Comparison>(comparison: Compared): Compared {
  const durability = durabilityOf(comparison);
  return durability === undefined ? comparison : { ...comparison, durability };
}

/**
 * Makes the rows. The limit of an approach that spreads its work is the time of separate processes. If there are several such
 * limits, the comparison names the one with the most processes.
 */
function besideProcesses(settings: CpuSettings | OwnSettings, results: Results, splitMs: SplitTimes) {
  const limits = new Map(
    [...splitMs].flatMap(([processes, timesMs]) =>
      timesMs.length > 0 ? [[processes, median(timesMs)]] : [],
    ),
  );
  const limitFor = (approach: ApproachName): number | null =>
    limits.get(processesBeside(approach, settings) ?? 0) ?? null;
  const rows = Array.from(results, ([approach, trials]) =>
    rowOf(approach, trials, { measuredLimitMs: limitFor(approach) }),
  );
  const [widest] = [...limits].toSorted(([one], [other]) => other - one);
  const [processes, limitMs] = widest ?? [undefined, null];
  const sequentialMs = sequentialOf(rows);
  return {
    limitMs,
    ...(processes !== undefined && { processes }),
    machineSpeedup: limitMs && sequentialMs && sequentialMs / limitMs,
    rows: withSpeedups(rows),
  };
}

/** What trials can say of an approach. */
type TrialRow = Row | FailedRow;

const isSound = (row: TrialRow): row is Row => isMeasured(row) && row.failed === 0;

/** The time of `sequential`, which all others are set against; null where it has none that counts. */
function sequentialOf(rows: readonly TrialRow[]): number | null {
  const row = rows.find(({ approach }) => approach === 'sequential');
  return row && isSound(row) ? row.timeMs.median : null;
}

function withSpeedups(rows: readonly TrialRow[]): TrialRow[] {
  const sequentialMs = sequentialOf(rows);
  return rows.map((row) =>
    isSound(row) ? { ...row, speedup: sequentialMs && sequentialMs / row.timeMs.median } : row,
  );
}
