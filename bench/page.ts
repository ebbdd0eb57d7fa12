// A run as a page, and two of one suite side by side, by the report of src that knows no suite. Pure.
import { APPROACHES, type ApproachName } from '../src/running/registry.ts';
import { machineFacts, type Facts } from '../src/report/html/making.ts';
import { busyLine } from '../src/report/machine.ts';
import { suitePage, type SuiteSection } from './suite-page.ts';
import { changeLine, type Names } from '../src/report/two-runs.ts';
import { count } from '../src/report/units.ts';
import { figureText, leftOutSentences, viewOf } from './figures.ts';
import { settingsText } from './settings.ts';
import { isFailed } from './rows.ts';
import { claimsOf, closingOf, type SuiteRun } from './run.ts';
import { changes, differencesOf, findingOf, type ColumnOf } from './side-by-side.ts';
import type { Plan, Section } from './suite.ts';

/** The page of one run of the suite that `plan` is of; `typed` are the suite's own options, as they were typed. */
export function runPage(plan: Plan, run: SuiteRun, typed: readonly string[] = []): string {
  const { suite, rows } = run;
  const closing = closingOf(plan, run);
  const failed = rows.filter(isFailed).length;
  const findings = [
    ...(failed > 0 ? [`${suite}: ${failed} of ${count(rows.length, 'case')} failed.`] : []),
    ...closing,
  ];
  return suitePage({
    findings,
    sections: plan.sections
      .map((section) => pageSection(section, run))
      .filter((section) => section.rows.length > 0),
    leftOut: leftOutSentences(rows),
    claims: claimsOf(plan, run),
    facts: factsOf(run),
    method: METHOD,
    command: commandOf(run, typed),
  });
}

function pageSection(section: Section, run: SuiteRun): SuiteSection {
  const { columns, rows, failed } = viewOf(section, run.rows);
  const note = run.notes?.[section.title];
  return {
    title: section.title,
    ...(note !== undefined && { note }),
    columns: columns.map((column) => ({
      title: column.title,
      show: (spread) => figureText(spread, column),
      minor: column.alone ?? false,
    })),
    rows: [...rows.map((row) => ({ ...row, approach: approachOf(row.name) })), ...failed],
  };
}

const NAMES = Object.keys(APPROACHES) as ApproachName[];

/** `bounded-pool, C = 10` is a row of bounded-pool. */
const approachOf = (row: string): ApproachName | undefined =>
  NAMES.find((name) => row === name || row.startsWith(`${name},`));

/** The page of two runs of one suite, which the reader knows by `names`. */
export function differencesPage(
  [a, b]: readonly [SuiteRun, SuiteRun],
  names: Names,
  columnOf: ColumnOf,
  typed: readonly string[] = [],
): string {
  const [nameOfA, nameOfB] = names;
  const sections = differencesOf(a, b, names, columnOf);
  const changed = changeLine(changes(a, b), names);
  return suitePage({
    findings: [findingOf(a.suite, sections, names), ...(changed === undefined ? [] : [changed])],
    sections: sections.map(({ title, differences }) => ({
      title,
      columns: ['figure', nameOfA, nameOfB, `${nameOfB} / ${nameOfA}`].map((name) => ({ title: name })),
      rows: differences.map((one) => ({ name: one.name, figures: [one.figure, one.a, one.b, one.verdict] })),
    })),
    facts: [
      ...factsOf(a).map(([name, value]) => [`${name}, ${nameOfA}`, value] as const),
      ...factsOf(b).map(([name, value]) => [`${name}, ${nameOfB}`, value] as const),
    ],
    method: METHOD,
    command: commandOf(a, typed),
  });
}

function factsOf({ environment, settings }: SuiteRun): Facts {
  const busy = busyLine(environment);
  return [
    ...machineFacts(environment),
    ['settings', settingsText(settings)],
    ...(busy === undefined ? [] : [['load', busy] as const]),
  ];
}

function commandOf({ suite, settings: { size } }: SuiteRun, typed: readonly string[]): string {
  const options = [...(size === 'default' ? [] : [`--${String(size)}`]), ...typed];
  return options.length > 0 ? `npm run bench -- ${[suite, ...options].join(' ')}` : `npm run bench ${suite}`;
}

const METHOD = [
  'Every turn of every case is a process of its own; all cases once, then all again, each round one case later.',
  'Figures are medians ± median absolute deviation (samples); a ratio is taken turn by turn and then summarised.',
  'A case that throws is a failed case, never a fast one.',
  'A sentence about a difference stands above only if both sides have three turns or more and differ beyond doubt.',
];
