// What sets two runs of a job apart. Where the spreads overlap nothing is said.
import {
  isMeasured,
  type Comparison,
  type CpuComparison,
  type IoComparison,
  type Row,
} from '../../measure/comparison.ts';
import { apart, spreadOf, type Spread } from '../../measure/statistics.ts';
import { durationWithSpread, mebibytes, NO_FIGURE, ratio } from '../units.ts';
import type { Markup } from './escape.ts';
import { table } from './tables.ts';

type Settings<Of> = ReadonlyArray<readonly [key: keyof Of, name: string]>;

const SETTINGS: Settings<Comparison> = [
  ['requests', 'requests'],
  ['concurrency', 'concurrency'],
  ['threads', 'threads'],
];
const CPU_SETTINGS: Settings<CpuComparison> = [['costMs', 'cost'], ...SETTINGS];
const IO_SETTINGS: Settings<IoComparison> = [
  ...SETTINGS,
  ['latencyMs', 'latency'],
  ['jitterMs', 'jitter'],
  ['network', 'network'],
  ['seed', 'seed'],
  ['timeoutMs', 'timeout'],
  ['retryBudget', 'retries'],
  ['faults', 'faults'],
];

/** The settings in which two comparisons of a job differ, by name. */
export function differences(one: Comparison, other: Comparison): string[] {
  if (one.kind === 'io' && other.kind === 'io') return differing(one, other, IO_SETTINGS);
  if (one.kind === 'cpu' && other.kind === 'cpu') return differing(one, other, CPU_SETTINGS);
  return ['what the job does'];
}

function differing<Of extends object>(one: Of, other: Of, settings: Settings<Of>): string[] {
  return settings
    .filter(([key]) => JSON.stringify(one[key]) !== JSON.stringify(other[key]))
    .map(([, name]) => name);
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
  const much = `${ratio(change(most))} as long in ${second}`;
  if (both.length === 1) return `${job}: ${most[0]}, the only approach to compare, takes ${much}.`;
  const of = clear.length === both.length ? `all ${both.length}` : `${clear.length} of ${both.length}`;
  return `${job}: ${of} approaches differ in time; most of all ${most[0]}, ${much}.`;
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
  const verdict = (a: Row | undefined, b: Row | undefined, spread: (row: Row) => Spread) => {
    if (!a || !b) return NO_FIGURE;
    if (!comparable) return 'not the same settings';
    // A run with failures did less work, in less time and with less in memory.
    if (a.failed > 0 || b.failed > 0) return 'had failures';
    const [one, other] = [spread(a), spread(b)];
    return apart(one, other) ? ratio(other.median / one.median) : 'no difference to be seen';
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
      const [time, memory] = [(row: Row) => row.timeMs, (row: Row) => spreadOf(row.memory.peaksMiB)];
      return [
        approach,
        a ? durationWithSpread(time(a)) : NO_FIGURE,
        b ? durationWithSpread(time(b)) : NO_FIGURE,
        verdict(a, b, time),
        a ? mebibytes(a.memory.peakMiB) : NO_FIGURE,
        b ? mebibytes(b.memory.peakMiB) : NO_FIGURE,
        verdict(a, b, memory),
      ];
    }),
  });
}
