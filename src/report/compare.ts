// A comparison as text: the answer, the table, a timeline for each approach. At most 80 columns wide, but
// for a word that is longer.
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { headline } from './headline.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { faultLines, limits, settingsLine } from './settings.ts';
import { bar, table } from './table.ts';
import { timeline } from './timeline.ts';
import { duration, durationWithSpread, mebibytes, orNone, percent, ratio } from './units.ts';

const BAR_WIDTH = 20;
const TIMELINE_ROWS = 5;

/** The whole text of one comparison, line by line. */
export function comparisonText(comparison: Comparison, paint: Paint): string[] {
  const measured = comparison.rows.filter(isMeasured);
  const answer = wrapped(headline(comparison), WIDTH);
  return [
    ...answer.map((line) => paint('bold', line)),
    ...dimmed([settingsLine(comparison), ...faultLines(comparison)], paint),
    '',
    ...timeTable(measured, paint),
    ...comparison.rows.flatMap((row) =>
      isMeasured(row) ? [] : errorLines(`${row.approach}: ${row.error}`, paint),
    ),
    '',
    ...costTable(measured, paint),
    ...failures(measured, paint),
    '',
    ...dimmed(limits(comparison), paint),
    '',
    ...measured.flatMap((row) => approachTimeline(row, paint)),
  ];
}

const dimmed = (lines: readonly string[], paint: Paint): string[] =>
  lines.flatMap((line) => wrapped(line, WIDTH)).map((line) => paint('dim', line));

/** The lines that an error has of its own stay lines. */
const errorLines = (text: string, paint: Paint): string[] =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line, WIDTH, '  '))
    .map((line) => paint('red', line));

function timeTable(rows: readonly Row[], paint: Paint): string[] {
  const slowest = Math.max(...rows.map((row) => row.timeMs.median));
  return table(
    [
      { title: 'approach' },
      { title: 'median ± MAD (runs)' },
      { title: '' },
      { title: 'speed-up', align: 'right' },
      { title: 'of limit', align: 'right' },
    ],
    rows.map((row) => [
      row.approach,
      `${durationWithSpread(row.timeMs)} (${row.timeMs.samples.length})`,
      paint('cyan', bar(row.timeMs.median / slowest, BAR_WIDTH)),
      orNone(row.speedup, ratio),
      orNone(row.ofLimit, percent),
    ]),
    paint,
  );
}

function costTable(rows: readonly Row[], paint: Paint): string[] {
  return table(
    [
      { title: 'approach' },
      { title: 'in flight', align: 'right' },
      { title: 'memory', align: 'right' },
      { title: 'CPU', align: 'right' },
      { title: 'loop late p99', align: 'right' },
      { title: 'max', align: 'right' },
      { title: 'busy', align: 'right' },
    ],
    rows.map((row) => [
      row.approach,
      String(row.peakInFlight),
      `+${mebibytes(row.memory.overBaselineMiB)}`,
      duration(row.cpuMs),
      duration(row.loopDelayMs.p99),
      duration(row.loopDelayMs.max),
      percent(row.loopUtilization),
    ]),
    paint,
  );
}

/** A blank line, and what failed and how, counted; nothing where nothing did. */
function failures(rows: readonly Row[], paint: Paint): string[] {
  const lines = rows
    .filter((row) => row.failed > 0)
    .flatMap((row) => {
      const kinds = new Map<string, number>();
      for (const { error } of row.spans) if (error) kinds.set(error, (kinds.get(error) ?? 0) + 1);
      const what = [...kinds].map(([error, times]) => `${times} × ${error}`).join(', ');
      const text = `${row.approach}: ${row.failed} of ${row.failed + row.succeeded} failed: ${what}`;
      return wrapped(text, WIDTH, '  ').map((line) => paint('red', line));
    });
  return lines.length > 0 ? ['', ...lines] : [];
}

function approachTimeline(row: Row, paint: Paint): string[] {
  const title = `${row.approach}: ${duration(row.timeMs.median)}, ${row.peakInFlight} in flight`;
  return [paint('bold', title), ...timeline(row.spans, { width: WIDTH, rows: TIMELINE_ROWS, paint }), ''];
}
