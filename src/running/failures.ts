// Failures counted by kind: the one way in which a command, a table and a page say what went wrong.
import type { Span } from './recorded.ts';

/** The kinds of failure that occurred and how often each did. */
export class FailureCounts {
  readonly #times = new Map<string, number>();

  /** Counts the failure of a span; a span that ended well counts as none. */
  add({ error }: Pick<Span, 'error'>): void {
    if (error !== undefined) this.#times.set(error, (this.#times.get(error) ?? 0) + 1);
  }

  /** `12 × StatusError 503`, one text for each kind, the most frequent first. */
  texts(): string[] {
    return [...this.#times]
      .toSorted(([, one], [, other]) => other - one)
      .map(([kind, times]) => `${times} × ${kind}`);
  }
}

/** The failures of `spans`, counted. */
export function failuresByKind(spans: Iterable<Pick<Span, 'error'>>): FailureCounts {
  const counts = new FailureCounts();
  for (const span of spans) counts.add(span);
  return counts;
}
