// How many requests were in flight at each moment, from their spans.
import type { Span } from '../running/recorded.ts';

export interface InFlight {
  readonly atMs: number;
  /** From this moment to that of the next step. */
  readonly open: number;
}

/** A step for each moment at which the number changes, in order of time; the last one is 0. */
export function* inFlight(spans: readonly Span[]): Generator<InFlight, void> {
  const startsMs = Float64Array.from(spans, ({ startMs }) => startMs).sort();
  const endsMs = Float64Array.from(spans, ({ endMs }) => endMs).sort();
  let started = 0;
  let ended = 0;
  let open = 0;
  while (ended < spans.length) {
    const atMs = Math.min(startsMs[started] ?? Infinity, endsMs[ended]!);
    while (started < spans.length && startsMs[started] === atMs) started++;
    while (ended < spans.length && endsMs[ended] === atMs) ended++;
    if (started - ended === open) continue;
    open = started - ended;
    yield { atMs, open };
  }
}

export interface Columns {
  readonly startMs: number;
  readonly endMs: number;
  readonly columns: number;
}

/** The most that were in flight in each of `columns` equal parts of the time from `startMs` to `endMs`. */
export function mostInFlight(spans: readonly Span[], { startMs, endMs, columns }: Columns): number[] {
  const widthMs = (endMs - startMs) / columns;
  const within = (column: number) => Math.min(columns - 1, Math.max(0, column));
  const most = Array.from({ length: columns }, () => 0);
  const fill = (fromMs: number, toMs: number, open: number) => {
    const first = within(Math.floor((fromMs - startMs) / widthMs));
    const last = within(Math.ceil((toMs - startMs) / widthMs) - 1);
    for (let column = first; column <= last; column++) most[column] = Math.max(most[column]!, open);
  };
  let before: InFlight | undefined;
  for (const step of inFlight(spans)) {
    if (before && before.open > 0) fill(before.atMs, step.atMs, before.open);
    before = step;
  }
  return most;
}

/**
 * The same as steps: an entry for each part whose number differs from that of the part before. A peak always shows. A gap
 * that is narrower than a part does not.
 */
export function thinned(spans: readonly Span[], parts: Columns): InFlight[] {
  const widthMs = (parts.endMs - parts.startMs) / parts.columns;
  return mostInFlight(spans, parts)
    .map((open, column) => ({ atMs: parts.startMs + column * widthMs, open }))
    .filter(({ open }, column, all) => open !== (all[column - 1]?.open ?? 0));
}
