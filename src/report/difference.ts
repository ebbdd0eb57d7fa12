// What sets two runs of a job apart: its settings, the times and the memory of each approach. Pure, for a terminal and
// for a page.
import { rateText, stovesText } from '../api/limits.ts';
import {
  isMeasured,
  type Comparison,
  type CpuComparison,
  type IoComparison,
  type OwnComparison,
  type Row,
  hasLimits,
  nameOf,
} from '../measure/comparison.ts';
import { LEAST_TRIALS, spreadOf, type Spread } from '../measure/statistics.ts';
import { oneLine } from '../printable.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { farOffLine } from './far-off.ts';
import { table } from './table.ts';
import {
  changeLine,
  changeOf,
  LETTERS,
  mostApart,
  timeChangeText,
  type Change,
  type FigureChange,
  type Names,
} from './two-runs.ts';
import { durationWithPercent, exactPercent, NO_FIGURE, number, roundDuration } from './units.ts';

/** A setting by the name of its option, and how its value reads. */
interface Setting<Of> {
  readonly name: string;
  readonly valueOf: (comparison: Of) => string;
}

const SETTINGS: ReadonlyArray<Setting<Comparison>> = [
  { name: 'requests', valueOf: ({ requests }) => number(requests) },
  { name: 'concurrency', valueOf: ({ concurrency }) => number(concurrency) },
  { name: 'threads', valueOf: ({ threads }) => number(threads) },
  { name: 'workers', valueOf: ({ workers }) => (workers === undefined ? 'none' : number(workers)) },
  { name: 'database', valueOf: ({ database = 'none' }) => database },
  { name: 'pace', valueOf: ({ pace }) => (pace === undefined ? 'none' : `${number(pace)}/s`) },
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
  { name: 'stoves', valueOf: ({ stoves }) => (stoves ? stovesText(stoves) : 'any number') },
  { name: 'rate', valueOf: ({ rate }) => (rate ? `${rateText(rate)}/s` : 'none') },
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

const OWN_SETTINGS: ReadonlyArray<Setting<OwnComparison>> = [
  ...SETTINGS,
  { name: 'inputs', valueOf: ({ inputsFile }) => inputsFile ?? 'of the module' },
  { name: 'kind', valueOf: ({ nature }) => nature },
  { name: 'most', valueOf: ({ most }) => number(most) },
  { name: 'timeout', valueOf: ({ timeoutMs }) => roundDuration(timeoutMs) },
  { name: 'retries', valueOf: ({ retryBudget }) => number(retryBudget) },
];

/** The settings in which two comparisons of a job differ. */
export function changes(one: Comparison, other: Comparison): Change[] {
  if (one.kind === 'io' && other.kind === 'io') return changesOf(one, other, IO_SETTINGS);
  if (one.kind === 'cpu' && other.kind === 'cpu') return changesOf(one, other, CPU_SETTINGS);
  if (one.kind === 'own' && other.kind === 'own') return changesOf(one, other, OWN_SETTINGS);
  return changesOf<Comparison>(one, other, SETTINGS);
}

const changesOf = <Of>(one: Of, other: Of, settings: ReadonlyArray<Setting<Of>>): Change[] =>
  settings
    .map(({ name, valueOf }) => ({ name, one: valueOf(one), other: valueOf(other) }))
    .filter(({ one, other }) => one !== other);

/** An approach in two runs: its row in each, if the run has one. */
interface RowPair {
  readonly approach: string;
  readonly one: Row | undefined;
  readonly other: Row | undefined;
}

function rowPairs(one: Comparison, other: Comparison): RowPair[] {
  const rowsOf = (comparison: Comparison) =>
    new Map(comparison.rows.filter(isMeasured).map((row) => [row.approach, row]));
  const ofOne = rowsOf(one);
  const ofOther = rowsOf(other);
  const approaches = new Set([...ofOne.keys(), ...ofOther.keys()]);
  return Array.from(approaches, (approach) => ({
    approach,
    one: ofOne.get(approach),
    other: ofOther.get(approach),
  }));
}

/** The name of the job with what was changed. A name that ends with limits of the API needs an `and` before that. */
function withChanges(comparison: Comparison, changed: readonly string[]): string {
  const name = nameOf(comparison);
  if (changed.length === 0) return name;
  return `${name}${hasLimits(comparison) ? ', and' : ''} with ${changed.join(', ')}`;
}

/** What two runs of a job prove, in one sentence. */
export function differenceLine(one: Comparison, other: Comparison, second: string): string {
  const changed = changes(one, other).map(({ name, one, other }) => `${name} ${other} instead of ${one}`);
  const job = withChanges(one, changed);
  const compared = rowPairs(one, other).flatMap(({ approach, one, other }) => {
    const change = changeOfFigure(one, other, timeOf);
    return typeof change === 'object' ? [{ approach, ...change }] : [];
  });
  if (compared.length === 0) return `${job}: no approach was measured without failures in both runs.`;
  if (compared.every(({ isTooFew }) => isTooFew)) {
    return `${job}: too few trials to say anything; each run needs ${LEAST_TRIALS} (--repeats ${LEAST_TRIALS}).`;
  }
  const clear = compared.filter(({ isApart }) => isApart);
  const most = mostApart(clear);
  if (!most) return `${job}: no difference in time that is beyond doubt, in any approach.`;
  const much = `${timeChangeText(most.ratio)} in ${second}`;
  if (compared.length === 1) return `${job}: ${most.approach}, the only approach to compare: ${much}.`;
  const ofAll = `of ${compared.length} approaches`;
  if (clear.length === 1) return `${job}: 1 ${ofAll} differs in time, ${most.approach}: ${much}.`;
  return `${job}: ${clear.length} ${ofAll} differ in time; most of all ${most.approach}: ${much}.`;
}

const timeOf = (row: Row): Spread => row.timeMs;
const memoryOf = (row: Row): Spread | null => row.memory && spreadOf(row.memory.peaksMiB);

/** How a figure of an approach differs, or why there is nothing to compare. */
function changeOfFigure(
  one: Row | undefined,
  other: Row | undefined,
  figureOf: (row: Row) => Spread | null,
): FigureChange | string {
  if (!one || !other) return NO_FIGURE;
  // A run with failures did less work, in less time and with less in memory.
  if (one.failed > 0 || other.failed > 0) return 'had failures';
  const figure = figureOf(one);
  const otherFigure = figureOf(other);
  return figure && otherFigure ? changeOf(figure, otherFigure) : NO_FIGURE;
}

/** An approach in two runs, and in words how its time and its memory differ. */
export interface RowDifference extends RowPair {
  readonly time: string;
  readonly memory: string;
}

export function rowDifferences(one: Comparison, other: Comparison): RowDifference[] {
  return rowPairs(one, other).map((pair) => {
    const wordsOf = (figureOf: (row: Row) => Spread | null) => {
      const change = changeOfFigure(pair.one, pair.other, figureOf);
      return typeof change === 'string' ? change : change.text;
    };
    return { ...pair, time: wordsOf(timeOf), memory: wordsOf(memoryOf) };
  });
}

/** Of each approach whose difference single trials hide, a line that names them. */
export const farOffLines = (one: Comparison, other: Comparison, [first, second]: Names): string[] =>
  rowPairs(one, other).flatMap(({ approach, one, other }) => {
    if (!one || !other || one.failed > 0 || other.failed > 0) return [];
    const line = farOffLine(
      { name: `${approach} in ${first}`, timeMs: one.timeMs },
      { name: `${approach} in ${second}`, timeMs: other.timeMs },
    );
    return line === undefined ? [] : [line];
  });

/** Two runs of a job in a terminal: the finding, what was changed, and the time of each approach. */
export function differenceText(one: Comparison, other: Comparison, paint: Paint): string[] {
  const [first, second] = LETTERS;
  const changed = changeLine(changes(one, other), LETTERS);
  const time = (row: Row | undefined) => (row ? durationWithPercent(row.timeMs) : NO_FIGURE);
  return [
    ...wrapped(oneLine(differenceLine(one, other, second)), WIDTH).map((line) => paint('bold', line)),
    ...(changed === undefined ? [] : wrapped(oneLine(changed), WIDTH)),
    ...table(
      [
        { title: 'approach' },
        { title: `time, ${first}`, align: 'right' },
        { title: `time, ${second}`, align: 'right' },
        { title: `${second} / ${first}` },
      ],
      rowDifferences(one, other).map((row) => [
        oneLine(row.approach),
        time(row.one),
        time(row.other),
        row.time,
      ]),
      paint,
    ),
    ...farOffLines(one, other, LETTERS)
      .flatMap((line) => wrapped(oneLine(line), WIDTH))
      .map((line) => paint('yellow', line)),
  ];
}
