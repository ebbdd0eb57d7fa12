// Makes the text of a run: what it proves, a table for each section, the failures, and where it was measured. Pure.
import { oneLine } from '../src/printable.ts';
import { claimsText } from '../src/report/claims.ts';
import { busyLine, environmentLines } from '../src/report/machine.ts';
import { WIDTH, wrapped, type Paint } from '../src/report/paint.ts';
import { narrowTable } from './narrow-table.ts';
import { duration } from '../src/report/units.ts';
import type { MachineDuringRun } from '../src/measure/environment.ts';
import { figureText, leftOutSentences, viewOf } from './figures.ts';
import { settingsText } from './settings.ts';
import { claimsOf, closingOf, type SuiteRun } from './run.ts';
import type { Plan, Section, Suite } from './suite.ts';
import { takesMs } from './suite.ts';

const lines = (text: string | undefined): string[] => (text === undefined ? [] : wrapped(text, WIDTH));

/** The whole text of a run, line by line. */
export function runText(plan: Plan, run: SuiteRun, paint: Paint): string[] {
  const closing = closingOf(plan, run).flatMap(lines);
  const doubts = [busyLine(run.environment), ...leftOutSentences(run.rows).map(oneLine)].flatMap(lines);
  const claims = claimsText(claimsOf(plan, run), { paint, verbose: true });
  const making = [
    ...lines(`median ± median absolute deviation (samples); ${settingsText(run.settings)}`),
    ...environmentLines(run.environment).flatMap(lines),
  ];
  return [
    ...closing.map((line) => paint('bold', line)),
    ...doubts.map((line) => paint('yellow', line)),
    ...(closing.length + doubts.length > 0 ? [''] : []),
    ...claims,
    ...(claims.length > 0 ? [''] : []),
    ...plan.sections.flatMap((section) => sectionText(section, run, paint)),
    ...making.map((line) => paint('dim', line)),
  ];
}

function sectionText(section: Section, run: SuiteRun, paint: Paint): string[] {
  const { columns, rows, failed } = viewOf(section, run.rows);
  if (rows.length + failed.length === 0) return [];
  const header = columns.map(({ title, show }) => ({
    title,
    align: show ? ('right' as const) : ('left' as const),
  }));
  const cells = rows.map(({ name, figures }) => [
    oneLine(name),
    ...figures.map((figure, index) => oneLine(figureText(figure, columns[index]!))),
  ]);
  return [
    paint('bold', section.title),
    ...lines(run.notes?.[section.title]).map((line) => paint('dim', line)),
    ...(rows.length > 0 ? narrowTable([{ title: '' }, ...header], cells, paint) : []),
    ...failed
      .flatMap(({ name, error }) => lines(oneLine(`${name}: failed: ${error}`)))
      .map((line) => paint('red', line)),
    '',
  ];
}

/** Where it was measured. */
export const whereText = (environment: MachineDuringRun): string[] => [
  ...environmentLines(environment).flatMap(lines),
  ...lines(busyLine(environment)),
];

/** How long the run took, beside what its cases take on a quiet machine. */
export const tookText = (tookMs: number, plan: Plan): string =>
  `This run took ${duration(tookMs)}; on two quiet cores it takes about ${duration(takesMs(plan))}.`;

/** Columns that a summary may take in the list; the rest is for names and times. */
const SUMMARY_WIDTH = 48;

/** Every suite: its name, how long it takes, and what it shows. */
export function listText(suites: readonly Suite[], paint: Paint): string[] {
  const about = (suite: Suite, size: 'quick' | 'default') => duration(takesMs(suite.plan(size)));
  const rowsOf = (suite: Suite): string[][] => {
    const [first = '', ...more] = wrapped(suite.summary, SUMMARY_WIDTH);
    return [
      [suite.name, about(suite, 'default'), about(suite, 'quick'), first],
      ...more.map((line) => ['', '', '', line]),
    ];
  };
  return [
    ...narrowTable(
      [
        { title: 'suite' },
        { title: 'takes', align: 'right' },
        { title: 'quick', align: 'right' },
        { title: '' },
      ],
      suites.flatMap(rowsOf),
      paint,
    ),
    '',
    'npm run bench NAME runs one, npm run bench -- NAME --quick a short version.',
    'The times are for two quiet cores. A busy machine can take several times longer.',
  ];
}

/** The table of suites in README.md. */
export function listInMarkdown(suites: readonly Suite[]): string {
  const rows = suites.map((suite) => `| ${suite.name} | ${suite.summary} |`);
  return ['| suite | question |', '| --- | --- |', ...rows].join('\n');
}
