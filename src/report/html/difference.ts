// What sets two runs of a job apart. Settings may differ: "what if 20 at once?" is the question that two runs answer.
// A ratio that chance may explain says so.
import {
  isMeasured,
  type Comparison,
  type CpuComparison,
  type IoComparison,
  type Row,
} from '../../measure/comparison.ts';
import { apart, hasEnoughTrials, spreadOf, type Spread } from '../../measure/statistics.ts';
import {
  durationWithSpread,
  exactPercent,
  mebibytes,
  NO_FIGURE,
  number,
  ratio,
  roundDuration,
} from '../units.ts';
import type { Markup } from './escape.ts';
import { table } from './tables.ts';

/** A setting by the name of its option, and how its value reads. */
interface Setting<Of> {
  readonly name: string;
  readonly valueOf: (comparison: Of) => string;
}

const SETTINGS: ReadonlyArray<Setting<Comparison>> = [
  { name: 'requests', valueOf: ({ requests }) => number(requests) },
  { name: 'concurrency', valueOf: ({ concurrency }) => number(concurrency) },
  { name: 'threads', valueOf: ({ threads }) => number(threads) },
];
const CPU_SETTINGS: ReadonlyArray<Setting<CpuComparison>> = [
  ...SETTINGS,
  { name: 'cost', valueOf: ({ costMs }) => roundDuration(costMs) },
];
const IO_SETTINGS: ReadonlyArray<Setting<IoComparison>> = [
  ...SETTINGS,
  { name: 'latency', valueOf: ({ latencyMs }) => roundDuration(latencyMs) },
  { name: 'jitter', valueOf: ({ jitterMs }) => roundDuration(jitterMs) },
  { name: 'network', valueOf: ({ network }) => network },
  { name: 'seed', valueOf: ({ seeds }) => [...new Set([seeds[0], seeds.at(-1)])].join(' to ') },
  { name: 'timeout', valueOf: ({ timeoutMs }) => roundDuration(timeoutMs) },
  { name: 'retries', valueOf: ({ retryBudget }) => number(retryBudget) },
  {
    name: 'faults',
    valueOf: ({ faults = {} }) =>
      Object.entries(faults)
        .map(([name, rate]) => `${name} ${exactPercent(rate)}`)
        .join(' + ') || 'none',
  },
];

/** A setting that two runs do not share. */
export interface Change {
  readonly name: string;
  readonly one: string;
  readonly other: string;
}

/** The settings in which two comparisons of a job differ. */
export function changes(one: Comparison, other: Comparison): Change[] {
  if (one.kind === 'io' && other.kind === 'io') return changesOf(one, other, IO_SETTINGS);
  if (one.kind === 'cpu' && other.kind === 'cpu') return changesOf(one, other, CPU_SETTINGS);
  return changesOf<Comparison>(one, other, SETTINGS);
}

const changesOf = <Of>(one: Of, other: Of, settings: ReadonlyArray<Setting<Of>>): Change[] =>
  settings
    .map(({ name, valueOf }) => ({ name, one: valueOf(one), other: valueOf(other) }))
    .filter(({ one, other }) => one !== other);

/** What was changed between two runs, in one sentence; undefined where nothing was. */
export function changeLine(
  one: Comparison,
  other: Comparison,
  [first, second]: readonly string[],
): string | undefined {
  const changed = changes(one, other);
  if (changed.length === 0) return undefined;
  const parts = changed.map(({ name, one, other }) => `${name} is ${one} in ${first}, ${other} in ${second}`);
  return `What was changed: ${parts.join('; ')}. The ratios include this change.`;
}

/** What two runs of a job prove, in one sentence. */
export function differenceLine(one: Comparison, other: Comparison, second: string): string {
  const changed = changes(one, other).map(({ name, one, other }) => `${name} ${other} instead of ${one}`);
  const job = changed.length === 0 ? one.job : `${one.job} with ${changed.join(', ')}`;
  const both = rowPairs(one, other).flatMap(([approach, a, b]) =>
    a && b && a.failed === 0 && b.failed === 0 ? [{ approach, a, b }] : [],
  );
  if (both.length === 0) return `${job}: no approach was measured without failures in both runs.`;
  const clear = both
    .filter(({ a, b }) => apart(a.timeMs, b.timeMs))
    .map(({ approach, a, b }) => ({ approach, change: b.timeMs.median / a.timeMs.median }));
  if (clear.length === 0) return `${job}: no difference in time that is beyond doubt, in any approach.`;
  const size = ({ change }: { readonly change: number }) => Math.abs(Math.log(change));
  const most = clear.reduce((largest, one) => (size(one) > size(largest) ? one : largest));
  const much = `${ratio(most.change)} as long in ${second}`;
  if (both.length === 1) return `${job}: ${most.approach}, the only approach to compare, takes ${much}.`;
  const of = clear.length === both.length ? `all ${both.length}` : `${clear.length} of ${both.length}`;
  return `${job}: ${of} approaches differ in time; most of all ${most.approach}, ${much}.`;
}

type RowPair = readonly [approach: string, one: Row | undefined, other: Row | undefined];

function rowPairs(one: Comparison, other: Comparison): RowPair[] {
  const rowsOf = (comparison: Comparison) =>
    new Map(comparison.rows.filter(isMeasured).map((row) => [row.approach, row]));
  const [ofOne, ofOther] = [rowsOf(one), rowsOf(other)];
  const approaches = new Set([...ofOne.keys(), ...ofOther.keys()]);
  return Array.from(approaches, (approach) => [approach, ofOne.get(approach), ofOther.get(approach)]);
}

/** Time and peak memory of each approach in both runs, and the ratio with what is to be thought of it. */
export function differenceTable(
  one: Comparison,
  other: Comparison,
  [first, second]: readonly string[],
): Markup {
  const verdict = (a: Row | undefined, b: Row | undefined, spread: (row: Row) => Spread | null) => {
    if (!a || !b) return NO_FIGURE;
    // A run with failures did less work, in less time and with less in memory.
    if (a.failed > 0 || b.failed > 0) return 'had failures';
    const [one, other] = [spread(a), spread(b)];
    if (!one || !other) return NO_FIGURE;
    const change = ratio(other.median / one.median);
    if (apart(one, other)) return change;
    return `${change}, ${hasEnoughTrials(one) && hasEnoughTrials(other) ? 'may be chance' : 'too few trials'}`;
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
      const time = (row: Row) => row.timeMs;
      const memory = (row: Row) => row.memory && spreadOf(row.memory.peaksMiB);
      return [
        approach,
        a ? durationWithSpread(time(a)) : NO_FIGURE,
        b ? durationWithSpread(time(b)) : NO_FIGURE,
        verdict(a, b, time),
        a?.memory ? mebibytes(a.memory.peakMiB) : NO_FIGURE,
        b?.memory ? mebibytes(b.memory.peakMiB) : NO_FIGURE,
        verdict(a, b, memory),
      ];
    }),
  });
}
