// A run as text: a table for each section, the failures, the closing sentences, the environment. Pure.
import { isMeasurement } from './saved.ts';
import type { Paint } from '../src/report/paint.ts';
import { table } from '../src/report/table.ts';
import { count, duration, percent } from '../src/report/units.ts';
import { BUSY_LOAD, type BenchEnvironment } from './environment.ts';
import { isFailed, type MeasuredRow, type Row } from './rows.ts';
import { closingOf, type SuiteRun } from './run.ts';
import type { Column, Figure, Plan, Section, Suite } from './suite.ts';
import { takesMs } from './suite.ts';

/** The whole text of a run, line by line. */
export function runText(plan: Plan, run: SuiteRun, paint: Paint): string[] {
  const sections = plan.sections.map((section) => sectionText(section, run.rows, paint));
  const closing = closingOf(plan, run).flatMap(wrapped);
  return [
    ...sections.flat(),
    ...closing,
    ...(closing.length > 0 ? [''] : []),
    ...settingsLines(run.settings).map((line) => paint('dim', line)),
    ...environmentLines(run.environment).map((line) => paint('dim', line)),
  ];
}

function sectionText(section: Section, all: readonly Row[], paint: Paint): string[] {
  const rows = all.filter((row) => row.section === section.title);
  const measured = rows.filter((row): row is MeasuredRow => !isFailed(row));
  // A figure that no row has, for instance a ratio whose baseline failed, needs no column.
  const shown = Object.entries(section.columns).filter(([figure]) =>
    measured.some((row) => row.figures[figure] !== undefined),
  );
  const cells = measured.map((row) => [
    row.name,
    ...shown.map(([figure, column]) => cellOf(row.figures[figure], column)),
  ]);
  const header = [
    { title: '' },
    ...shown.map(([, { title, show }]) => ({ title, align: show ? ('right' as const) : ('left' as const) })),
  ];
  return [
    paint('bold', section.title),
    ...wrapped(section.note ?? '').map((line) => paint('dim', line)),
    ...(measured.length > 0 ? table(header, cells, paint) : []),
    ...rows.filter(isFailed).map(({ name, error }) => paint('red', `${name}: failed: ${error}`)),
    '',
  ];
}

function cellOf(figure: Figure | undefined, { show = String, alone = false }: Column): string {
  if (figure === undefined) return '-';
  if (!isMeasurement(figure)) return figure;
  return alone ? show(figure.median) : spreadText(figure, show);
}

/** `5.60 ms ± 3 % (15)`: median, its median deviation, samples; without deviation where one sample has none. */
export function spreadText(
  { median, mad, samples }: { median: number; mad: number; samples: readonly number[] },
  show: (value: number) => string,
): string {
  if (samples.length === 1) return `${show(median)} (1)`;
  const deviation = median === 0 ? show(mad) : percent(mad / Math.abs(median));
  return `${show(median)} ± ${deviation} (${samples.length})`;
}

export function settingsLines(settings: SuiteRun['settings']): string[] {
  const text = Object.entries(settings).map(([name, value]) => `${name} ${[value].flat().join(', ')}`);
  return wrapped(`median ± median absolute deviation (samples); ${text.join('; ')}`);
}

/** Where it was measured. */
export function environmentLines({ node, cpu, cores, platform, ...more }: BenchEnvironment): string[] {
  const { packages, loadPerCore } = more;
  const busy =
    loadPerCore > BUSY_LOAD
      ? [
          `The machine was busy: ${loadPerCore} other processes for each core. Times are too long and spreads too wide.`,
        ]
      : [];
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const where = `Node ${node}, ${platform}, ${cpu}, ${count(cores, 'core')}; ${versions.join(', ')}`;
  return [...wrapped(where), ...busy.flatMap(wrapped)];
}

/** Every suite in one line: what it shows and how long it takes. */
export function listText(suites: readonly Suite[], paint: Paint): string[] {
  const about = (suite: Suite, size: 'quick' | 'default') => duration(takesMs(suite.plan(size)));
  return [
    ...table(
      [
        { title: 'suite' },
        { title: 'takes', align: 'right' },
        { title: 'quick', align: 'right' },
        { title: '' },
      ],
      suites.map((suite) => [suite.name, about(suite, 'default'), about(suite, 'quick'), suite.summary]),
      paint,
    ),
    '',
    'npm run bench NAME runs one; npm run bench -- NAME --quick a short version of it.',
  ];
}

const WIDTH = 100;

/** Lines of at most WIDTH columns, broken between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((word) => word !== '')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
