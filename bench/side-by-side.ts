// Two saved runs of one suite side by side: two machines, two versions, or other settings. A figure that only one run has
// is named and not compared.
import { oneLine } from '../src/printable.ts';
import { count, duration, ratio } from '../src/report/units.ts';
import { columns, WIDTH, wrapped, type Paint } from '../src/report/paint.ts';
import { table } from '../src/report/table.ts';
import { changeLine, changeOf, LETTERS, mostApart, type Change, type Names } from '../src/report/two-runs.ts';
import { narrowTable } from './narrow-table.ts';
import { isFailed, isMeasured, type Row } from './rows.ts';
import type { Figure } from './findings.ts';
import type { SuiteRun } from './run.ts';
import { settingName, settingText } from './settings.ts';
import type { Column, Plan } from './suite.ts';
import { isMeasurement } from './saved.ts';
import { whereText } from './text.ts';

/** Why two runs cannot be compared, in one sentence; undefined if they can. Suites share no figure. */
export const differenceInKind = (a: SuiteRun, b: SuiteRun): string | undefined =>
  a.suite === b.suite
    ? undefined
    : `expected two runs of one suite, got ${a.suite} and ${b.suite}; two suites have no figure in common`;

/** The settings in which two runs of a suite differ, in the words that a reader sees. */
export function changes(a: SuiteRun, b: SuiteRun): Change[] {
  const names = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  return [...names]
    .map((name) => ({
      name: settingName(name),
      one: settingText(a.settings[name]),
      other: settingText(b.settings[name]),
    }))
    .filter(({ one, other }) => one !== other);
}

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
  /** Whether a run has too few trials to be compared with anything. */
  readonly isTooFew: boolean;
  /** A figure that the suite shows beside the others only, for instance how many requests were sent. */
  readonly isMinor: boolean;
  /** b / a, where both are numbers. */
  readonly ratio?: number;
}

export interface SectionDifferences {
  readonly title: string;
  readonly differences: readonly Difference[];
}

/** How the suite's tables call and show a figure of a section; undefined for one that this version does not know. */
export type ColumnOf = (section: string, figure: string) => Column | undefined;

export const columnsOf =
  ({ sections }: Pick<Plan, 'sections'>): ColumnOf =>
  (title, figure) =>
    sections.find((section) => section.title === title)?.columns[figure];

/** Every figure of two runs of the same suite, section by section. */
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
  const onlyIn = (run: string) => ({ ...NOTHING_COMPARED, verdict: `only in ${run}` });
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
  const compared = all.filter(({ figure }) => figure !== '');
  const clear = compared.filter(({ isApart }) => isApart);
  const figures = count(compared.length, 'figure');
  if (compared.length === 0) return `${suite}: ${nameOfA} and ${nameOfB} have no figure in common.`;
  if (compared.every(({ isTooFew }) => isTooFew)) {
    return `${suite}: too few trials to say anything of ${figures}. Leave out --quick.`;
  }
  if (clear.length === 0) {
    return `${suite}: none of ${figures} differs beyond doubt between ${nameOfA} and ${nameOfB}.`;
  }
  const differ = `${clear.length} of ${figures} ${clear.length === 1 ? 'differs' : 'differ'} beyond doubt between ${nameOfA} and ${nameOfB}`;
  const most = mostApart(clear.filter(({ isMinor }) => !isMinor)) ?? mostApart(clear);
  if (!most) return `${suite}: ${differ}.`;
  return `${suite}: ${differ}; most of all ${most.figure} of ${most.name}: ${ratio(most.ratio)} in ${nameOfB}.`;
}

/**
 * The comparison of two runs as text, line by line: what it proves, what was changed, every figure, and where each run
 * was measured. The runs are A and B, since a path would be wider than a column.
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
  const changed = changeLine(changes(a, b), LETTERS);
  const body = sections.flatMap((section) => [...sectionText(section, paint), '']);
  const where = (letter: string, name: string, run: SuiteRun) =>
    [oneLine(name), ...whereText(run.environment)].map((line) => paint('dim', `${letter}: ${line}`));
  return [
    ...finding.map((line) => paint('bold', line)),
    ...(changed === undefined ? [] : wrapped(oneLine(changed), WIDTH)),
    '',
    ...body,
    ...where(LETTERS[0], names[0], a),
    ...where(LETTERS[1], names[1], b),
  ];
}

/** The figures of a section, below its title. Both runs are files, so every word in them may be anybody's. */
function sectionText({ title, differences }: SectionDifferences, paint: Paint): string[] {
  const heading = wrapped(oneLine(title), WIDTH).map((line) => paint('bold', line));
  const cellsBeside = (first: (one: Difference) => string) =>
    differences.map((one) => [first(one), one.a, one.b, one.verdict].map(oneLine));
  // The name of a row stands above its figures, since a table with both in one line is seldom narrow enough.
  const [header = '', ...lines] = table(
    HEADER,
    cellsBeside(({ figure }) => `  ${figure}`),
    paint,
  );
  if ([header, ...lines].some((line) => columns(line) > WIDTH)) {
    return [
      ...heading,
      ...narrowTable(
        HEADER,
        cellsBeside(({ name, figure }) => `${name} ${figure}`),
        paint,
      ),
    ];
  }
  const body = lines.flatMap((line, index) => {
    const { name } = differences[index]!;
    const isFirst = name !== differences[index - 1]?.name;
    return isFirst ? [...wrapped(oneLine(name), WIDTH), line] : [line];
  });
  return [...heading, header, ...body];
}

const HEADER = [
  { title: '' },
  { title: LETTERS[0], align: 'right' },
  { title: LETTERS[1], align: 'right' },
  { title: `${LETTERS[1]} / ${LETTERS[0]}` },
] as const;

const NOTHING_COMPARED = { figure: '', a: '', b: '', isApart: false, isTooFew: false, isMinor: false };

function inRow(a: Row, b: Row, columnOf: ColumnOf): Difference[] {
  const { name, section } = a;
  if (!isMeasured(a) || !isMeasured(b)) {
    return [{ ...NOTHING_COMPARED, name, a: stateOf(a), b: stateOf(b), verdict: 'cannot be compared' }];
  }
  const keys = new Set([...Object.keys(a.figures), ...Object.keys(b.figures)]);
  return [...keys].map((key) => {
    const column = columnOf(section, key);
    const figure = column?.title || inWords(key);
    const isMinor = column?.alone ?? false;
    const change = inFigure(a.figures[key], b.figures[key], column?.show ?? numberText(key));
    return { name, figure, isMinor, ...change };
  });
}

function stateOf(row: Row): string {
  if (isMeasured(row)) return 'measured';
  return isFailed(row) ? 'failed' : 'left out';
}

/** A figure that was measured in both runs has a ratio. One that is said in words is the same or differs. */
function inFigure(
  a: Figure | undefined,
  b: Figure | undefined,
  show: (value: number) => string,
): Omit<Difference, 'name' | 'figure' | 'isMinor'> {
  if (isMeasurement(a) && isMeasurement(b)) {
    const { text, ...change } = changeOf(a, b);
    return { a: show(a.median), b: show(b.median), verdict: text, ...change };
  }
  const textOfA = wordsOf(a);
  const textOfB = wordsOf(b);
  const isApart = textOfA !== textOfB;
  return {
    a: textOfA,
    b: textOfB,
    verdict: isApart ? 'differs' : 'the same',
    isApart,
    isTooFew: false,
  };
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

/** Units by the name of the figure: every name ends in its unit, or is a plain number. */
function numberText(figure: string): (value: number) => string {
  if (figure.startsWith('ns')) return (value) => duration(value / 1e6);
  if (/Ms($|Per)/.test(figure)) return duration;
  if (/MiB($|Per)/.test(figure)) return (value) => `${Number(value.toPrecision(3))} MiB`;
  return (value) => String(Number(value.toPrecision(3)));
}
