// What the measured lessons share: the comparison that `npm start` makes, small enough to run while one reads.
// Each approach runs in processes of its own. A lesson claims ratios of what it measures, never absolute times: those say
// more about the machine than about the approach.
import type { ApproachName } from '../src/running/registry.ts';
import { compare } from '../src/measure/compare.ts';
import type { CpuJobName, IoJobName } from '../src/jobs/job.ts';
import {
  isLeftOut,
  isMeasured,
  type Comparison,
  type CpuComparison,
  type IoComparison,
  type Memory,
  type Row,
} from '../src/measure/comparison.ts';
import type { ComparisonSettings } from '../src/measure/plan.ts';
import { median } from '../src/measure/statistics.ts';
import { progressLine } from '../src/progress.ts';
import { FigureUnknown } from './stage.ts';

interface CommonSettings {
  readonly approaches: readonly ApproachName[];
  readonly requests: number;
  readonly concurrency?: number;
  readonly threads?: number;
}

interface IoLessonSettings extends CommonSettings {
  readonly job: IoJobName;
  readonly latencyMs?: number;
}

interface CpuLessonSettings extends CommonSettings {
  readonly job: CpuJobName;
  readonly costMs: number;
}

export interface LessonComparison<Of extends Comparison> {
  readonly comparison: Of;
  /** The row of an approach. @throws {Error} if it has none */
  readonly row: (approach: ApproachName) => Row;
}

/** Measures for a lesson. @throws {Error} if a trial failed: a failure must never pass for a fast run */
export function measured(settings: IoLessonSettings): Promise<LessonComparison<IoComparison>>;
export function measured(settings: CpuLessonSettings): Promise<LessonComparison<CpuComparison>>;
export async function measured(
  settings: IoLessonSettings | CpuLessonSettings,
): Promise<LessonComparison<Comparison>> {
  using progress = progressLine();
  const comparison = await compare(wholeSettings(settings), { onProgress: progress.show, priceMock: false });
  return {
    comparison,
    row(approach) {
      const row = comparison.rows.find((row) => row.approach === approach);
      if (!row || isLeftOut(row)) throw new Error(`${approach}: not measured`);
      if (!isMeasured(row)) throw new Error(`${approach}: ${row.error}`);
      if (row.failed > 0) throw new Error(`${approach}: ${row.failed} failed`);
      return row;
    },
  };
}

/** The settings of a comparison, with what a lesson leaves out. */
function wholeSettings(settings: IoLessonSettings | CpuLessonSettings): ComparisonSettings {
  const { requests, concurrency = 1, threads = 1 } = settings;
  const approaches = [...new Set(settings.approaches)];
  const common = { approaches, requests, concurrency, threads, repeats: 1 };
  if ('costMs' in settings) return { kind: 'cpu', job: settings.job, ...common, costMs: settings.costMs };
  const { job, latencyMs = 20 } = settings;
  return {
    kind: 'io',
    job,
    ...common,
    conditions: { latencyMs, jitterMs: 0, seed: 1 },
    network: 'loopback',
    timeoutMs: 30_000,
    retryBudget: 0,
  };
}

/** @throws {FigureUnknown} where the system does not tell how much memory a process has, as a Linux without /proc */
export function knownMemory({ memory }: Row): Memory {
  if (memory) return memory;
  throw new FigureUnknown('Undecided: this system does not tell how much memory a process takes.');
}

/**
 * How long each work takes, in milliseconds: the median of `runs` times. The works take turns, so that a slow moment of
 * the machine hits all of them.
 */
export async function timesOf<Name extends string>(runs: number, works: Record<Name, () => unknown>) {
  const times = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const name in works) {
      const start = performance.now();
      await works[name]();
      times.get(name)!.push(performance.now() - start);
    }
  }
  return Object.fromEntries(Array.from(times, ([name, ms]) => [name, median(ms)])) as Record<Name, number>;
}
