// Two saved runs side by side: two machines, or two versions. Only runs that measured the same thing.
import { oneLine } from '../src/printable.ts';
import { count, duration, ratio } from '../src/report/units.ts';
import { WIDTH, wrapped, type Paint } from '../src/report/paint.ts';
import { table } from '../src/report/table.ts';
import { apart, hasEnoughTrials, type Spread } from '../src/measure/statistics.ts';
import { isFailed, type Row } from './rows.ts';
import type { Figure } from './findings.ts';
import type { SuiteRun } from './run.ts';
import type { Column, Plan } from './suite.ts';
import { isMeasurement } from './saved.ts';
import { whereText } from './text.ts';

/** Why two runs cannot be compared, in one sentence; undefined if they can. */
export function differenceInKind(a: SuiteRun, b: SuiteRun): string | undefined {
  if (a.suite !== b.suite) return `A measured ${a.suite}, B measured ${b.suite}`;
  const names = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  const differing = [...names].flatMap((name) => {
    const [ofA, ofB] = [a.settings[name], b.settings[name]].map(settingText);
    return ofA === ofB ? [] : [`${name} is ${ofA} in A, ${ofB} in B`];
  });
  return differing.length > 0 ? differing.join('; ') : undefined;
}

const settingText = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** A figure in both runs, and what can be said of the two. */
export interface Difference {
  readonly name: string;
  /** As the suite calls it in its tables; empty where the whole row stands for itself. */
  readonly figure: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: string;
  /** Whether the two differ beyond doubt. */
  readonly isApart: boolean;
  /** b / a, where both are numbers that differ beyond doubt. */
  readonly ratio?: number;
}

export interface SectionDifferences {
  readonly title: string;
  readonly differences: readonly Difference[];
}

/** What the reader knows the two runs by: their files. */
export type Names = readonly [a: string, b: string];

/** How the suite's tables call and show a figure of a section; undefined for one that this version does not know. */
export type ColumnOf = (section: string, figure: string) => Column | undefined;

export const columnsOf =
  ({ sections }: Pick<Plan, 'sections'>): ColumnOf =>
  (title, figure) =>
    sections.find((section) => section.title === title)?.columns[figure];

/** Every figure of two runs of the same suite with the same settings, section by section. */
export function differencesOf(
  a: SuiteRun,
  b: SuiteRun,
  names: Names,
  columnOf: ColumnOf,
): SectionDifferences[] {
  const keyOf = ({ section, name }: Row) => JSON.stringify([section, name]);
  const ofB = new Map(b.rows.map((row) => [keyOf(row), row]));
  const keysOfA = new Set(a.rows.map(keyOf));
  const titles = [...new Set([...a.rows, ...b.rows].map(({ section }) => section))];
  const onlyIn = (run: string) => ({ ...EMPTY, verdict: `only in ${run}` });
  return titles.map((title) => ({
    title,
    differences: [
      ...a.rows
        .filter(({ section }) => section === title)
        .flatMap((row) => {
          const other = ofB.get(keyOf(row));
          return other ? inRow(row, other, columnOf) : [{ ...onlyIn(names[0]), name: row.name }];
        }),
      ...b.rows
        .filter((row) => row.section === title && !keysOfA.has(keyOf(row)))
        .map(({ name }) => ({ ...onlyIn(names[1]), name })),
    ],
  }));
}

/** What two runs of a suite prove, in one sentence. */
export function findingOf(
  suite: string,
  sections: readonly SectionDifferences[],
  [nameOfA, nameOfB]: Names,
): string {
  const all = sections.flatMap(({ differences }) => differences);
  const apart = all.filter(({ isApart }) => isApart);
  const figures = count(all.length, 'figure');
  if (all.length > 0 && all.every(({ verdict }) => verdict === TOO_FEW)) {
    return `${suite}: too few trials to say anything of ${figures}. Leave out --quick.`;
  }
  if (apart.length === 0) {
    return `${suite}: none of ${figures} differs beyond doubt between ${nameOfA} and ${nameOfB}.`;
  }
  const differ = `${apart.length} of ${figures} ${apart.length === 1 ? 'differs' : 'differ'} beyond doubt between ${nameOfA} and ${nameOfB}`;
  const size = ({ ratio: change = 1 }: Difference) => Math.abs(Math.log(change));
  const most = apart.reduce((largest, one) => (size(one) > size(largest) ? one : largest));
  if (most.ratio === undefined) return `${suite}: ${differ}.`;
  return `${suite}: ${differ}; most of all ${most.figure} of ${most.name}: ${ratio(most.ratio)} in ${nameOfB}.`;
}

/**
 * The comparison of two runs as text, line by line: what it proves, every figure, and where each was measured. The runs
 * are A and B, since a path would be wider than a column.
 */
export function sideBySide(
  a: SuiteRun,
  b: SuiteRun,
  names: Names,
  columnOf: ColumnOf,
  paint: Paint,
): string[] {
  const sections = differencesOf(a, b, LETTERS, columnOf);
  const finding = wrapped(oneLine(findingOf(a.suite, sections, LETTERS)), WIDTH);
  const body = sections.flatMap(({ title, differences }) => [
    paint('bold', oneLine(title)),
    ...table(
      HEADER,
      // Both runs are files, so every word in them may be anybody's.
      differences.map((one) => [one.name, one.figure, one.a, one.b, one.verdict].map(oneLine)),
      paint,
    ),
    '',
  ]);
  const where = (letter: string, name: string, run: SuiteRun) =>
    [oneLine(name), ...whereText(run.environment)].map((line) => paint('dim', `${letter}: ${line}`));
  return [
    ...finding.map((line) => paint('bold', line)),
    '',
    ...body,
    ...where(LETTERS[0], names[0], a),
    ...where(LETTERS[1], names[1], b),
  ];
}

const LETTERS: Names = ['A', 'B'];
const HEADER = [
  { title: '' },
  { title: 'figure' },
  { title: 'A', align: 'right' },
  { title: 'B', align: 'right' },
  { title: 'B / A' },
] as const;

const EMPTY = { figure: '', a: '', b: '', isApart: false };

function inRow(a: Row, b: Row, columnOf: ColumnOf): Difference[] {
  const { name, section } = a;
  if (isFailed(a) || isFailed(b)) {
    const state = (row: Row) => (isFailed(row) ? 'failed' : 'measured');
    return [{ ...EMPTY, name, a: state(a), b: state(b), verdict: 'cannot be compared' }];
  }
  const keys = new Set([...Object.keys(a.figures), ...Object.keys(b.figures)]);
  return [...keys].map((key) => {
    const column = columnOf(section, key);
    const figure = column?.title || inWords(key);
    const [ofA, ofB] = [a.figures[key], b.figures[key]];
    if (isMeasurement(ofA) && isMeasurement(ofB)) {
      const show = column?.show ?? numberText(key);
      const [textA, textB] = [show(ofA.median), show(ofB.median)];
      const isApart = apart(ofA, ofB);
      const change = ofA.median > 0 && ofB.median > 0 ? ofB.median / ofA.median : undefined;
      const both = { name, figure, a: textA, b: textB, verdict: verdict(ofA, ofB), isApart };
      return isApart && change !== undefined ? { ...both, ratio: change } : both;
    }
    const [textA, textB] = [wordsOf(ofA), wordsOf(ofB)];
    const isApart = textA !== textB;
    return { name, figure, a: textA, b: textB, verdict: isApart ? DIFFERS : THE_SAME, isApart };
  });
}

/** `requestsPerLane` as `requests per lane`; a unit at the end goes, since the figure itself shows it. */
const inWords = (key: string): string =>
  key
    .replace(/(?<=[a-z])(?:Ms|MiB|Us|Ns)$/, '')
    .replaceAll(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`)
    .trim();

const wordsOf = (value: Figure | undefined): string => {
  if (isMeasurement(value)) return String(value.median);
  return typeof value === 'string' ? value : 'absent';
};

const THE_SAME = 'the same';
const TOO_FEW = 'too few trials to say';
const DIFFERS = 'differs';

/** The ratio and how far it may be off, or that there is none to be seen. */
export function verdict(a: Spread, b: Spread): string {
  if (a.median === b.median && a.mad === 0 && b.mad === 0) return THE_SAME;
  if (!hasEnoughTrials(a) || !hasEnoughTrials(b)) return TOO_FEW;
  if (!apart(a, b)) return 'no difference to be seen';
  if (a.median - a.mad <= 0 || b.median - b.mad <= 0) return DIFFERS;
  const [low, high] = [(b.median - b.mad) / (a.median + a.mad), (b.median + b.mad) / (a.median - a.mad)];
  return `${ratio(b.median / a.median)} (${ratio(low)} to ${ratio(high)})`;
}

/** Units by the name of the figure: every name ends in its unit, or is a plain number. */
function numberText(figure: string): (value: number) => string {
  if (figure.startsWith('ns')) return (value) => duration(value / 1e6);
  if (/Ms($|Per)/.test(figure)) return duration;
  if (/MiB($|Per)/.test(figure)) return (value) => `${Number(value.toPrecision(3))} MiB`;
  return (value) => String(Number(value.toPrecision(3)));
}
