// The spans of a run as columns of numbers. A run may have a million of them. As objects they take 100 MB in every trial that is
// kept, and a second to travel between two processes. As columns they take a third of the memory and a tenth of the time.
import type { Span } from './recorded.ts';

const OUTCOMES = ['ok', 'failed', 'aborted'] as const satisfies ReadonlyArray<Span['outcome']>;
const NO_ERROR = -1;

/** Plain data: it can be sent to another process. Each column has one entry for each span. */
export interface SpanTable {
  readonly inputs: Float64Array;
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
  readonly threads: Int32Array;
  /** Places in OUTCOMES. */
  readonly outcomes: Uint8Array;
  /** Places in `kinds`; NO_ERROR for a span without an error. */
  readonly errors: Int32Array;
  /** Every kind of error that occurs, once. */
  readonly kinds: readonly string[];
}

export function tableOf(spans: readonly Span[]): SpanTable {
  const places = new Map<string, number>();
  const placeOf = (error: string | undefined): number => {
    if (error === undefined) return NO_ERROR;
    const known = places.get(error);
    if (known !== undefined) return known;
    places.set(error, places.size);
    return places.size - 1;
  };
  const count = spans.length;
  const table = {
    inputs: new Float64Array(count),
    startsMs: new Float64Array(count),
    endsMs: new Float64Array(count),
    threads: new Int32Array(count),
    outcomes: new Uint8Array(count),
    errors: new Int32Array(count),
  };
  for (const [index, span] of spans.entries()) {
    table.inputs[index] = span.input;
    table.startsMs[index] = span.startMs;
    table.endsMs[index] = span.endMs;
    table.threads[index] = span.thread;
    table.outcomes[index] = OUTCOMES.indexOf(span.outcome);
    table.errors[index] = placeOf(span.error);
  }
  return { ...table, kinds: [...places.keys()] };
}

/** The spans that `tableOf` was given. */
export function spansOf(table: SpanTable): Span[] {
  return Array.from(table.inputs, (input, index) => {
    const span = {
      input,
      startMs: table.startsMs[index]!,
      endMs: table.endsMs[index]!,
      thread: table.threads[index]!,
      outcome: OUTCOMES[table.outcomes[index]!]!,
    };
    const error = table.kinds[table.errors[index]!];
    return error === undefined ? span : { ...span, error };
  });
}

/** Spans that did not end well. */
export function failuresIn({ outcomes }: SpanTable): number {
  let failed = 0;
  for (const outcome of outcomes) if (OUTCOMES[outcome] !== 'ok') failed++;
  return failed;
}

/** From the first start to the last end, in milliseconds; 0 without any span. */
export function lengthMs({ startsMs, endsMs }: SpanTable): number {
  if (startsMs.length === 0) return 0;
  let first = Infinity;
  let last = -Infinity;
  for (const startMs of startsMs) first = Math.min(first, startMs);
  for (const endMs of endsMs) last = Math.max(last, endMs);
  return last - first;
}
