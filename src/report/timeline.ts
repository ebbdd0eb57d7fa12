// A picture of what happened when: a line for each request, time from left to right. A dot means that the request waits for
// its turn, a block that it is in flight. With several threads the block is the thread's letter. Failures are crosses.
import { windowOf, type Span } from '../running/recorded.ts';
import { pad, type Paint } from './paint.ts';
import { sampled } from './sampled.ts';

export interface TimelineOptions {
  /** Columns of the whole picture, labels included. */
  readonly width: number;
  /** The most requests shown; more are sampled evenly, first and last included. */
  readonly rows: number;
  readonly paint: Paint;
  /** The time that the whole width stands for, so that several pictures share one axis. Default: the time of these. */
  readonly lengthMs?: number;
  /** Columns of the labels, a blank included, so that several pictures begin in the same column. */
  readonly labelWidth?: number;
}

const THREAD_STYLES = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;

/** `#7`, as the request is called in a picture. */
const labelOf = ({ input }: Span): string => `#${input}`;

/** The columns that the labels of these requests need, a blank included. */
export const labelWidthOf = (spans: readonly Span[]): number =>
  spans.reduce((widest, span) => Math.max(widest, labelOf(span).length), 0) + 1;

/** Lines of the picture, on a time axis that begins with the first start. */
export function timeline(spans: readonly Span[], options: TimelineOptions): string[] {
  if (spans.length === 0) return [];
  const { width, rows, paint } = options;
  const { startMs, endMs } = windowOf(spans);
  const { lengthMs = endMs - startMs } = options;
  const threads = [...new Set(spans.map((span) => span.thread))].toSorted((a, b) => a - b);
  const shown = sampled(spans, rows);
  const { labelWidth = labelWidthOf(shown) } = options;
  const cells = Math.max(1, width - labelWidth);
  const column = (ms: number) => Math.round(((ms - startMs) / (lengthMs || 1)) * cells);
  return shown.map((span) => {
    const from = Math.min(column(span.startMs), cells - 1);
    const to = Math.min(cells, Math.max(from + 1, column(span.endMs)));
    const thread = threads.indexOf(span.thread);
    const style = span.outcome === 'ok' ? THREAD_STYLES[thread % THREAD_STYLES.length]! : 'red';
    const block = threads.length > 1 ? letterOf(thread) : '█';
    const inFlight = (span.outcome === 'ok' ? block : '×').repeat(to - from);
    const label = pad(labelOf(span), labelWidth);
    return paint('dim', label) + paint('dim', '·'.repeat(from)) + paint(style, inFlight);
  });
}

/** A, B, … Z, a, … z, then from the start again. */
function letterOf(thread: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return letters[thread % letters.length]!;
}
