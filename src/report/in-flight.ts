// How many requests were open at each moment, from their spans.
import type { Span } from '../running/recorded.ts';

export interface InFlight {
  readonly atMs: number;
  /** From this moment to the next one in the list. */
  readonly open: number;
}

/** One entry for each moment at which the number changes, in order of time; the last one is 0. */
export function inFlight(spans: readonly Span[]): InFlight[] {
  const changes = new Map<number, number>();
  for (const { startMs, endMs } of spans) {
    changes.set(startMs, (changes.get(startMs) ?? 0) + 1);
    changes.set(endMs, (changes.get(endMs) ?? 0) - 1);
  }
  let open = 0;
  return [...changes]
    .toSorted(([one], [other]) => one - other)
    .filter(([, change]) => change !== 0)
    .map(([atMs, change]) => ({ atMs, open: (open += change) }));
}

/**
 * At most `columns` entries over the time from `startMs` to `endMs`, each with the most that were open in its part of
 * it. A gap that is narrower than a part does not show; a peak always does.
 */
export function thinned(
  steps: readonly InFlight[],
  { startMs, endMs, columns }: { readonly startMs: number; readonly endMs: number; readonly columns: number },
): InFlight[] {
  const widthMs = (endMs - startMs) / columns;
  const within = (column: number) => Math.min(columns - 1, Math.max(0, column));
  const most = Array.from({ length: columns }, () => 0);
  for (const [index, { atMs, open }] of steps.entries()) {
    const endsMs = steps[index + 1]?.atMs ?? atMs;
    const first = within(Math.floor((atMs - startMs) / widthMs));
    const last = within(Math.ceil((endsMs - startMs) / widthMs) - 1);
    for (let column = first; column <= last; column++) {
      most[column] = Math.max(most[column]!, open);
    }
  }
  return most
    .map((open, column) => ({ atMs: startMs + column * widthMs, open }))
    .filter(({ open }, column) => open !== (most[column - 1] ?? 0));
}
