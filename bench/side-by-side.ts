// Two saved runs side by side: two machines, or two versions. Only runs that measured the same thing.
import { oneLine } from '../src/printable.ts';
import { duration, ratio } from '../src/report/units.ts';
import type { Paint } from '../src/report/paint.ts';
import { table } from '../src/report/table.ts';
import { apart, type Spread } from '../src/measure/statistics.ts';
import { hasEnoughTrials, isFailed, type Row } from './rows.ts';
import type { SuiteRun } from './run.ts';
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
  /** Empty where the whole row stands for itself. */
  readonly figure: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: string;
  /** Whether the two differ beyond doubt. */
  readonly isApart: boolean;
}

export interface SectionDifferences {
  readonly title: string;
  readonly differences: readonly Difference[];
}

/** Every figure of two runs of the same suite with the same settings, section by section. */
export function differencesOf(a: SuiteRun, b: SuiteRun): SectionDifferences[] {
  const keyOf = ({ section, name }: Row) => JSON.stringify([section, name]);
  const ofB = new Map(b.rows.map((row) => [keyOf(row), row]));
  const keysOfA = new Set(a.rows.map(keyOf));
  const titles = [...new Set([...a.rows, ...b.rows].map(({ section }) => section))];
  return titles.map((title) => ({
    title,
    differences: [
      ...a.rows.filter(({ section }) => section === title).flatMap((row) => inRow(row, ofB.get(keyOf(row)))),
      ...b.rows
        .filter((row) => row.section === title && !keysOfA.has(keyOf(row)))
        .map(({ name }) => ({ ...EMPTY, name, verdict: 'only in B' })),
    ],
  }));
}

/** The comparison of two runs as text, line by line. */
export function sideBySide(a: SuiteRun, b: SuiteRun, paint: Paint): string[] {
  const body = differencesOf(a, b).flatMap(({ title, differences }) => [
    paint('bold', oneLine(title)),
    ...table(
      HEADER,
      // Both runs are files, so every word in them may be anybody's.
      differences.map((one) => [one.name, one.figure, one.a, one.b, one.verdict].map(oneLine)),
      paint,
    ),
    '',
  ]);
  const where = (name: string, run: SuiteRun) =>
    whereText(run.environment).map((line) => paint('dim', `${name}: ${line}`));
  return [...body, ...where('A', a), ...where('B', b)];
}

const HEADER = [
  { title: '' },
  { title: 'figure' },
  { title: 'A', align: 'right' },
  { title: 'B', align: 'right' },
  { title: 'B / A' },
] as const;

const EMPTY = { figure: '', a: '', b: '', isApart: false };

function inRow(a: Row, b: Row | undefined): Difference[] {
  const { name } = a;
  if (!b) return [{ ...EMPTY, name, verdict: 'only in A' }];
  if (isFailed(a) || isFailed(b)) {
    const state = (row: Row) => (isFailed(row) ? 'failed' : 'measured');
    return [{ ...EMPTY, name, a: state(a), b: state(b), verdict: 'cannot be compared' }];
  }
  const figures = new Set([...Object.keys(a.figures), ...Object.keys(b.figures)]);
  return [...figures].map((figure) => {
    const [ofA, ofB] = [a.figures[figure], b.figures[figure]];
    if (isMeasurement(ofA) && isMeasurement(ofB)) {
      const show = numberText(figure);
      const [textA, textB] = [show(ofA.median), show(ofB.median)];
      return { name, figure, a: textA, b: textB, verdict: verdict(ofA, ofB), isApart: apart(ofA, ofB) };
    }
    const [textA, textB] = [wordsOf(ofA), wordsOf(ofB)];
    const isApart = textA !== textB;
    return { name, figure, a: textA, b: textB, verdict: isApart ? DIFFERS : THE_SAME, isApart };
  });
}

const wordsOf = (value: unknown): string => {
  if (isMeasurement(value)) return String(value.median);
  return typeof value === 'string' ? value : 'absent';
};

const THE_SAME = 'the same';
const DIFFERS = 'differs';

/** The ratio and how far it may be off, or that there is none to be seen. */
export function verdict(a: Spread, b: Spread): string {
  if (a.median === b.median && a.mad === 0 && b.mad === 0) return THE_SAME;
  if (!hasEnoughTrials(a) || !hasEnoughTrials(b)) return 'too few trials to say';
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
