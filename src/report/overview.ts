// All approaches of a comparison in one picture, one line each, on one time axis: the height of a block says how many
// requests are in flight. One at a time is long and low, all at once is short and high.
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { windowOf, type Span } from '../running/recorded.ts';
import { axisEnd, axisLine } from './axis.ts';
import { mostInFlight } from './in-flight.ts';
import { pad, plain, type Paint } from './paint.ts';
import { number, roundDuration } from './units.ts';

const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

export interface OverviewOptions {
  /** Columns of the whole picture, names and labels included. */
  readonly width: number;
  readonly paint: Paint;
}

const WHAT: Readonly<Record<Comparison['kind'], string>> = {
  io: 'Requests in flight',
  cpu: 'Tasks being computed',
  own: 'Tasks at work',
};

/** Lines of the picture: a title, the axis, and a line for each approach that was measured. */
export function overview({ kind, rows }: Comparison, { width, paint }: OverviewOptions): string[] {
  const withSpans = rows.filter(isMeasured).filter(({ spans }) => spans.length > 0);
  if (withSpans.length === 0) return [];
  const lengthMs = axisEnd(withSpans.reduce((longest, { spans }) => Math.max(longest, lengthOf(spans)), 0));
  const nameWidth = Math.max(...withSpans.map(({ approach }) => approach.length)) + 2;
  const labelWidth = Math.max(...withSpans.map((row) => labelOf(row, plain).length));
  const cells = Math.max(1, width - nameWidth - labelWidth);
  const lines = withSpans.map((row) => ({ row, counts: countsOf(row.spans, lengthMs, cells) }));
  const most = lines.reduce((highest, { counts }) => counts.reduce((a, b) => Math.max(a, b), highest), 1);
  const what = WHAT[kind];
  return [
    paint('dim', `${what} over time: the higher the block, the more at once.`),
    paint('dim', ' '.repeat(nameWidth) + axisLine(lengthMs, cells, roundDuration)),
    ...lines.map(
      ({ row, counts }) =>
        pad(row.approach, nameWidth) +
        paint('cyan', counts.map((now) => blockOf(now, most)).join('')) +
        labelOf(row, paint),
    ),
  ];
}

function lengthOf(spans: readonly Span[]): number {
  const { startMs, endMs } = windowOf(spans);
  return endMs - startMs;
}

/** What is in flight in each column that the run takes; one column at least. */
function countsOf(spans: readonly Span[], lengthMs: number, cells: number): number[] {
  const { startMs } = windowOf(spans);
  const taken = Math.max(1, Math.ceil((lengthOf(spans) / lengthMs) * cells));
  const counts = mostInFlight(spans, { startMs, endMs: startMs + lengthMs, columns: cells });
  // In a run that was so short that the clock did not move, something was in flight all the same.
  return counts.every((now) => now === 0) ? [1] : counts.slice(0, taken);
}

const blockOf = (now: number, most: number): string =>
  now === 0 ? ' ' : HEIGHTS[Math.ceil((now / most) * HEIGHTS.length) - 1]!;

function labelOf({ peakInFlight, failed }: Row, paint: Paint): string {
  const label = ` ${number(peakInFlight)} at once`;
  return failed === 0 ? label : `${label}, ${paint('red', `${number(failed)} failed`)}`;
}
