// What sets two runs of a job apart: nothing is said where the settings differ or the spreads overlap.
import { isMeasured, type Comparison, type Row } from '../../measure/comparison.ts';
import { apart, spreadOf, type Spread } from '../../measure/statistics.ts';
import { durationWithSpread, mebibytes, ratio } from '../units.ts';
import type { Markup } from './escape.ts';
import { table } from './tables.ts';

const SETTINGS = [
  ['requests', 'requests'],
  ['latencyMs', 'latency'],
  ['jitterMs', 'jitter'],
  ['costMs', 'cost'],
  ['concurrency', 'concurrency'],
  ['threads', 'threads'],
  ['network', 'network'],
  ['seed', 'seed'],
  ['timeoutMs', 'timeout'],
  ['retryBudget', 'retries'],
  ['faults', 'faults'],
] as const satisfies ReadonlyArray<readonly [keyof Comparison, string]>;

/** The settings in which two comparisons of a job differ, by name. */
export function differences(one: Comparison, other: Comparison): string[] {
  return SETTINGS.filter(([key]) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).map(
    ([, name]) => name,
  );
}

/** What two runs of a job prove, in one sentence. */
export function differenceLine(one: Comparison, other: Comparison, second: string): string {
  const { job } = one;
  const different = differences(one, other);
  if (different.length > 0)
    return `${job}: the runs differ in ${different.join(', ')}, so no time is compared.`;
  const both = rowPairs(one, other).filter(([, a, b]) => a && b && a.failed === 0 && b.failed === 0);
  const clear = both.filter(([, a, b]) => apart(a!.timeMs, b!.timeMs));
  if (both.length === 0) return `${job}: no approach was measured without failures in both runs.`;
  if (clear.length === 0) return `${job}: no difference in time to be seen in any approach.`;
  const change = ([, a, b]: RowPair) => b!.timeMs.median / a!.timeMs.median;
  const size = (pair: RowPair) => Math.abs(Math.log(change(pair)));
  const most = clear.reduce((largest, pair) => (size(pair) > size(largest) ? pair : largest));
  const of = clear.length === both.length ? `all ${both.length}` : `${clear.length} of ${both.length}`;
  return `${job}: ${of} approaches differ in time; most of all ${most[0]}, ${ratio(change(most))} as long in ${second}.`;
}

type RowPair = readonly [approach: string, one: Row | undefined, other: Row | undefined];

function rowPairs(one: Comparison, other: Comparison): RowPair[] {
  const rowsOf = (comparison: Comparison) =>
    new Map(comparison.rows.filter(isMeasured).map((row) => [row.approach, row]));
  const [ofOne, ofOther] = [rowsOf(one), rowsOf(other)];
  const approaches = new Set([...ofOne.keys(), ...ofOther.keys()]);
  return Array.from(approaches, (approach) => [approach, ofOne.get(approach), ofOther.get(approach)]);
}

/** Time and peak memory of each approach in both runs; a ratio only where the spreads are apart. */
export function differenceTable(
  one: Comparison,
  other: Comparison,
  [first, second]: readonly string[],
): Markup {
  const comparable = differences(one, other).length === 0;
  const verdict = (a: Spread, b: Spread) => {
    if (!comparable) return 'not the same settings';
    return apart(a, b) ? ratio(b.median / a.median) : 'no difference to be seen';
  };
  return table({
    caption: `${one.job}: ${first} and ${second}`,
    header: [
      'approach',
      `time, ${first}`,
      `time, ${second}`,
      'ratio',
      `memory, ${first}`,
      `memory, ${second}`,
      'ratio',
    ],
    rows: rowPairs(one, other).map(([approach, a, b]) => {
      const memory = (row: Row) => mebibytes(row.memory.peakMiB);
      return [
        approach,
        a ? durationWithSpread(a.timeMs) : '–',
        b ? durationWithSpread(b.timeMs) : '–',
        a && b ? verdict(a.timeMs, b.timeMs) : '–',
        a ? memory(a) : '–',
        b ? memory(b) : '–',
        a && b ? verdict(spreadOf(a.memory.peaksMiB), spreadOf(b.memory.peaksMiB)) : '–',
      ];
    }),
  });
}
