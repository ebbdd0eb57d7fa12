// What happened when, as a picture: time across, requests down. Waiting for a slot is a dot, in flight is a
// block; with several threads the block is the thread's letter. Failures are crosses.
import { windowOf, type Span } from '../running/recorded.ts';
import { pad, type Paint } from './paint.ts';

export interface TimelineOptions {
  /** Columns of the whole picture, labels included. */
  readonly width: number;
  /** The most requests shown; more are sampled evenly, first and last included. */
  readonly rows: number;
  readonly paint: Paint;
}

const THREAD_STYLES = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;

/** Lines of the picture, on a time axis of its own from the first start to the last end. */
export function timeline(spans: readonly Span[], { width, rows, paint }: TimelineOptions): string[] {
  if (spans.length === 0) return [];
  const [startMs, endMs] = windowOf(spans);
  const threads = [...new Set(spans.map((span) => span.thread))].toSorted((a, b) => a - b);
  const shown = sampled(spans, rows);
  const labelWidth = Math.max(...shown.map((span) => `#${span.input}`.length)) + 1;
  const cells = width - labelWidth;
  const column = (ms: number) => Math.round(((ms - startMs) / (endMs - startMs || 1)) * cells);
  return shown.map((span) => {
    const from = Math.min(column(span.startMs), cells - 1);
    const to = Math.max(from + 1, column(span.endMs));
    const thread = threads.indexOf(span.thread);
    const style = span.outcome === 'ok' ? THREAD_STYLES[thread % THREAD_STYLES.length]! : 'red';
    const block = threads.length > 1 ? letterOf(thread) : '█';
    const inFlight = (span.outcome === 'ok' ? block : '×').repeat(to - from);
    const label = pad(`#${span.input}`, labelWidth);
    return paint('dim', label) + paint('dim', '·'.repeat(from)) + paint(style, inFlight);
  });
}

/** A, B, … Z, a, … z, then from the start again. */
function letterOf(thread: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return letters[thread % letters.length]!;
}

function sampled<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  const step = (items.length - 1) / Math.max(1, most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]!);
}
