// A comparison as text: the answer, the table and what its columns mean, and one picture of all approaches. At length
// there are more columns, and a picture of some requests of each approach. At most 80 columns wide.
import { failuresByKind } from '../running/failures.ts';
import { windowOf } from '../running/recorded.ts';
import { hasLimits, isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { oneLine, printable } from '../printable.ts';
import { axisEnd, axisLine } from './axis.ts';
import { hiddenWinnerLine } from './far-off.ts';
import { headline } from './headline.ts';
import { overview } from './overview.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { queueLines } from './queue.ts';
import { runnerOf } from './runner.ts';
import {
  aboveIdealLine,
  faultLines,
  idealLine,
  leftOutLines,
  limitLines,
  mockLine,
  settingsLine,
} from './settings.ts';
import { table, type Column } from './table.ts';
import { labelWidthOf, timeline } from './timeline.ts';
import {
  count,
  duration,
  durationWithPercent,
  durationWithSpread,
  mebibytes,
  number,
  orNone,
  percent,
  ratio,
  roundDuration,
  taskNoun,
  wholeNumber,
} from './units.ts';

/** Requests of each approach in its picture. */
const TIMELINE_ROWS = 5;
/** Kinds of failures that are named; the rest is counted. */
const FAILURE_KINDS = 5;

export interface ComparisonTextOptions {
  readonly paint: Paint;
  /** All columns, and a picture of each approach. */
  readonly verbose: boolean;
  /** Whether to explain the columns that all tables have, and to draw what ran when. Only the first of several comparisons does. */
  readonly explain: boolean;
  /** What stands directly under the answer because it casts doubt on it: a busy machine. */
  readonly doubt?: string | undefined;
  /** Whether doubt was cast on a comparison before this one. It holds for this one too, and is not said again. */
  readonly isDoubted?: boolean;
}

/** The whole text of one comparison, line by line. */
export function comparisonText(comparison: Comparison, options: ComparisonTextOptions): string[] {
  const { paint, verbose, explain } = options;
  const measured = comparison.rows.filter(isMeasured);
  return [
    ...styled('bold', [headline(comparison)], paint),
    ...styled('yellow', doubts(comparison, options), paint),
    ...styled('dim', settingsLines(comparison, { explain, verbose }), paint),
    ...(measured.length > 0 ? mainTable(measured, paint) : []),
    ...comparison.rows.flatMap((row) =>
      'error' in row ? errorLines(`${row.approach}: ${row.error}`, paint) : [],
    ),
    ...styled('dim', leftOutLines(comparison), paint),
    ...failures(verbose ? measured : measured.filter((row) => !isToldAbove(row, comparison)), paint),
    ...styled('yellow', present([aboveIdealLine(comparison)]), paint),
    ...queueLines(comparison).flatMap((line) => wrapped(line, WIDTH)),
    ...explanations(comparison, explain, paint),
    ...(explain || verbose ? ['', ...overview(comparison, { width: WIDTH, paint })] : []),
    ...(verbose ? ['', ...atLength(comparison, paint)] : []),
  ];
}

/**
 * The settings. A comparison with limits that follows another one prints only what is new, in one line: the number of requests
 * and the limits.
 */
function settingsLines(
  comparison: Comparison,
  { explain, verbose }: Pick<ComparisonTextOptions, 'explain' | 'verbose'>,
): string[] {
  const limits = limitLines(comparison);
  const isShort = limits.length > 0 && !explain && !verbose;
  const { requests } = comparison;
  const settings = isShort
    ? limits.map((line) => `${count(requests, 'request')}; ${line}`)
    : [settingsLine(comparison), ...limits];
  return [...settings, ...faultLines(comparison)];
}

/** A busy machine is the better reason why nothing is clear. So a far-off trial beside it is named at length only. */
function doubts(comparison: Comparison, options: ComparisonTextOptions): string[] {
  const { verbose, doubt, isDoubted = false } = options;
  if (isDoubted && !verbose) return [];
  const farOff = hiddenWinnerLine(comparison);
  return present(verbose ? [doubt, farOff] : [doubt ?? farOff]);
}

const present = (texts: ReadonlyArray<string | undefined>): string[] =>
  texts.filter((text) => text !== undefined);

const styled = (style: Parameters<Paint>[0], texts: readonly string[], paint: Paint): string[] =>
  texts.flatMap((text) => wrapped(text, WIDTH)).map((line) => paint(style, line));

/** The lines that an error has of its own stay lines. */
const errorLines = (text: string, paint: Paint): string[] =>
  printable(text)
    .split('\n')
    .flatMap((line) => wrapped(line, WIDTH, '  '))
    .map((line) => paint('red', line));

interface ShownColumn extends Column {
  readonly show: (row: Row) => string;
}

const tableOf = (shown: readonly ShownColumn[], rows: readonly Row[], paint: Paint): string[] =>
  table(
    [{ title: 'approach' }, ...shown],
    rows.map((row) => [row.approach, ...shown.map(({ show }) => show(row))]),
    paint,
  );

const TIME: ShownColumn = {
  title: 'time',
  align: 'right',
  show: ({ timeMs }) => durationWithPercent(timeMs),
};
const SPEED_UP: ShownColumn = {
  title: 'speed-up',
  align: 'right',
  show: ({ speedup }) => orNone(speedup, ratio),
};
const OF_IDEAL: ShownColumn = {
  title: 'of ideal',
  align: 'right',
  show: ({ ofLimit }) => orNone(ofLimit, percent),
};
/** What a run did to its own process. */
const OWN_SIDE: readonly ShownColumn[] = [
  {
    title: 'memory',
    align: 'right',
    show: ({ memory }) => orNone(memory && memory.overBaselineMiB, (MiB) => `+${mebibytes(MiB)}`),
  },
  { title: 'loop late', align: 'right', show: ({ loopDelayMs }) => duration(loopDelayMs.p99) },
];
/** What a run did to an API with limits, and what it got for it. */
const FAR_SIDE: readonly ShownColumn[] = [
  { title: 'arrived', align: 'right', show: ({ succeeded }) => number(succeeded) },
  {
    title: 'refused',
    align: 'right',
    show: ({ atLimits }) => orNone(atLimits?.refused ?? null, wholeNumber),
  },
  {
    title: 'queue',
    align: 'right',
    show: ({ atLimits }) => orNone(atLimits?.longestQueue ?? null, wholeNumber),
  },
  {
    title: 'goodput',
    align: 'right',
    show: ({ atLimits }) => orNone(atLimits?.goodputPerSecond ?? null, (per) => `${wholeNumber(per)}/s`),
  },
];

const MEMORY = OWN_SIDE[0]!;
const throughputOf = ({ succeeded, timeMs }: Row): number => (succeeded / timeMs.median) * 1000;
const THROUGHPUT: ShownColumn = {
  title: 'jobs/s',
  align: 'right',
  show: (row) => wholeNumber(throughputOf(row)),
};
const AT_ONCE: ShownColumn = {
  title: 'at once',
  align: 'right',
  show: ({ peakInFlight }) => number(peakInFlight),
};

/** If the table has little room, a column without figures is left out. */
const showsSpeedUp = (rows: readonly Row[]): boolean =>
  rows.some(({ speedup }) => speedup !== null) || !rows.some(({ atLimits, queue }) => atLimits || queue);

/** All columns would be wider than a terminal. Beside an API with limits, its side of the matter is the news. */
function mainTable(rows: readonly Row[], paint: Paint): string[] {
  const hasLimits = rows.some(({ atLimits }) => atLimits);
  const hasQueue = rows.some(({ queue }) => queue);
  const speedUp = showsSpeedUp(rows) ? [SPEED_UP] : [];
  const others = hasQueue ? [MEMORY, THROUGHPUT, AT_ONCE] : OWN_SIDE;
  return tableOf([TIME, ...speedUp, OF_IDEAL, ...(hasLimits ? FAR_SIDE : others)], rows, paint);
}

type Explanation = readonly [title: string, meaning: string];

const EXPLAINED_SPEED_UP: Explanation = ['speed-up', 'how many times as fast as sequential'];
const EXPLAINED_MEMORY = 'the most the process held, over what it held before the run';
const EXPLAINED_OWN_SIDE: readonly Explanation[] = [
  ['memory', EXPLAINED_MEMORY],
  ['loop late', 'event loop lag, worst 1 %: so long nothing else could run'],
];
const EXPLAINED_BESIDE_QUEUE: readonly Explanation[] = [
  ['memory', `${EXPLAINED_MEMORY}; of a queue, its workers too`],
  ['jobs/s', 'throughput: successful jobs in a second'],
];
const EXPLAINED_FAR_SIDE: Explanation = [
  'queue',
  'the most that waited there at once; goodput: orders a second',
];

/** Who counts how many were in flight. */
const atOnceOf = ({ kind }: Comparison): Explanation => [
  'at once',
  kind === 'io' ? 'the most in flight, as the API counted' : 'the most tasks that ran at the same time',
];

/** What the columns mean, a line each. What is ideal depends on the comparison, so it is said beside each. */
function explanations(comparison: Comparison, explain: boolean, paint: Paint): string[] {
  const runs = comparison.rows.filter(isMeasured).map(({ timeMs }) => timeMs.samples.length);
  if (runs.length === 0) return [];
  const fewest = Math.min(...runs);
  const most = Math.max(...runs);
  const howMany = fewest === most ? count(most, 'run') : `${fewest} to ${count(most, 'run')}`;
  const isLimited = hasLimits(comparison);
  const hasQueue = comparison.rows.filter(isMeasured).some(({ queue }) => queue);
  const besideTime = hasQueue ? [...EXPLAINED_BESIDE_QUEUE, atOnceOf(comparison)] : EXPLAINED_OWN_SIDE;
  const always: readonly Explanation[] = [
    ['time', `median of ${howMany}, ± median absolute deviation (MAD)`],
    ...(showsSpeedUp(comparison.rows.filter(isMeasured)) ? [EXPLAINED_SPEED_UP] : []),
    ...(isLimited ? [] : besideTime),
  ];
  const ideal = idealLine(comparison);
  const mock = mockLine(comparison);
  const own: readonly Explanation[] = [
    ...(isLimited ? [EXPLAINED_FAR_SIDE] : []),
    ...(ideal === undefined ? [] : [['of ideal', `ideal time / time; ${ideal}`] as const]),
    ...(mock === undefined ? [] : [['mock', mock] as const]),
  ];
  return [...(explain ? always : []), ...own]
    .flatMap(([title, meaning]) => wrapped(`  ${title.padEnd(11)}${meaning}`, WIDTH, ' '.repeat(13)))
    .map((line) => paint('dim', line));
}

/** Whether its only failures are refusals of an API with limits: the answer names these, and the table counts them. */
const isToldAbove = ({ spans }: Row, comparison: Comparison): boolean =>
  hasLimits(comparison) &&
  !comparison.faults &&
  spans.every(({ error }) => error === undefined || /^StatusError (429|503)$/.test(error));

/** A line for each approach that had failures: how many, and of which kinds. */
function failures(rows: readonly Row[], paint: Paint): string[] {
  return rows
    .filter((row) => row.failed > 0)
    .flatMap((row) => {
      const kinds = failuresByKind(row.spans).texts();
      const named = kinds.slice(0, FAILURE_KINDS);
      const unnamed = kinds.length - named.length;
      const what = [...named, ...(unnamed > 0 ? [count(unnamed, 'other kind')] : [])].join(', ');
      const text = `${row.approach}: ${row.failed} of ${row.failed + row.succeeded} failed: ${oneLine(what)}`;
      return wrapped(text, WIDTH, '  ').map((line) => paint('red', line));
    });
}

/** What only `--verbose` shows. */
function atLength(comparison: Comparison, paint: Paint): string[] {
  const measured = comparison.rows.filter(isMeasured);
  if (measured.length === 0) return [];
  return [
    ...(hasLimits(comparison) ? [...tableOf(OWN_SIDE, measured, paint), ''] : []),
    ...costTable(measured, paint),
    ...styled('dim', [COSTS_EXPLAINED], paint),
    '',
    ...timelines(measured, taskNoun(comparison), paint),
  ];
}

const COSTS_EXPLAINED =
  'at once: the most in flight. peak: resident memory of the whole process. CPU: time of all its threads in a run. ' +
  'latest: the longest event loop lag of all runs. loop busy: event loop utilization.';

const costTable = (rows: readonly Row[], paint: Paint): string[] =>
  tableOf(
    [
      { title: 'time ± MAD', align: 'right', show: ({ timeMs }) => durationWithSpread(timeMs) },
      AT_ONCE,
      { title: 'peak', align: 'right', show: ({ memory }) => orNone(memory && memory.peakMiB, mebibytes) },
      { title: 'CPU', align: 'right', show: ({ cpuMs }) => duration(cpuMs) },
      { title: 'latest', align: 'right', show: ({ loopDelayMs }) => duration(loopDelayMs.max) },
      { title: 'loop busy', align: 'right', show: ({ loopUtilization }) => percent(loopUtilization) },
    ],
    rows,
    paint,
  );

/** Some requests of each approach, all on one time axis. */
function timelines(rows: readonly Row[], noun: string, paint: Paint): string[] {
  const withSpans = rows.filter(({ spans }) => spans.length > 0);
  if (withSpans.length === 0) return [];
  const lengthsMs = withSpans.map(({ spans }) => {
    const { startMs, endMs } = windowOf(spans);
    return endMs - startMs;
  });
  const lengthMs = axisEnd(Math.max(...lengthsMs));
  const labelWidth = Math.max(...withSpans.map(({ spans }) => labelWidthOf(spans)));
  const axis = paint('dim', ' '.repeat(labelWidth) + axisLine(lengthMs, WIDTH - labelWidth, roundDuration));
  const threads = withSpans.some(({ spans }) => spans.some(({ thread }) => thread !== spans[0]!.thread));
  const runners = [...new Set(withSpans.map(runnerOf))].toSorted();
  const block = threads ? `█ (or the letter of its ${runners.join(' or ')}: A, B, …) runs` : '█ runs';
  const legend = `${count(TIMELINE_ROWS, noun)} of each approach, evenly picked, on one time axis. · waits for its turn, ${block}, × failed.`;
  return [
    ...styled('dim', [legend], paint),
    axis,
    ...withSpans.flatMap((row) => [
      paint('bold', row.approach),
      ...timeline(row.spans, { width: WIDTH, rows: TIMELINE_ROWS, paint, lengthMs, labelWidth }),
    ]),
  ];
}
