// What the measured lessons share: the comparison that `npm start` makes, small enough to run while one reads.
// Each approach runs in processes of its own; what is measured here is a ratio, never a stopwatch of this machine.
import type { ApproachName } from '../src/running/registry.ts';
import { compare } from '../src/measure/compare.ts';
import { isMeasured, type Comparison, type Row } from '../src/measure/comparison.ts';
import type { ComparisonSettings } from '../src/measure/plan.ts';
import { median } from '../src/measure/statistics.ts';
import { progressLine } from '../src/progress.ts';

export type Settings = Pick<ComparisonSettings, 'job' | 'approaches' | 'requests'> &
  Partial<Omit<ComparisonSettings, 'conditions'>> & { readonly latencyMs?: number };

export interface Measured {
  readonly comparison: Comparison;
  /** The row of an approach. @throws {Error} if it has none */
  readonly row: (approach: ApproachName) => Row;
}

/** @throws {Error} if a trial failed: a failure must never pass for a fast run */
export async function measured({ latencyMs = 20, approaches, ...settings }: Settings): Promise<Measured> {
  using progress = progressLine();
  const defaults = {
    concurrency: 1,
    threads: 1,
    network: 'loopback',
    costMs: 0,
    repeats: 1,
    timeoutMs: 30_000,
    retryBudget: 0,
  } as const;
  const comparison = await compare(
    {
      ...defaults,
      ...settings,
      approaches: [...new Set(approaches)],
      conditions: { latencyMs, jitterMs: 0, seed: 1 },
    },
    { onProgress: progress.show, priceMock: false },
  );
  return {
    comparison,
    row(approach) {
      const row = comparison.rows.find((row) => row.approach === approach);
      if (row && isMeasured(row) && row.failed === 0) return row;
      const why = row ? ('error' in row ? row.error : `${row.failed} failed`) : 'not measured';
      throw new Error(`${approach}: ${why}`);
    },
  };
}

/** The middle of `runs` times of each, in milliseconds; in turns, so that a slow moment of the machine hits all. */
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
