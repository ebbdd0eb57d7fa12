// The knee of a curve of throughput over concurrency C: the smallest C that gives nearly the best throughput. With a larger
// C each task only waits longer.
import { apart, hasEnoughTrials, type Spread } from './statistics.ts';

export interface Throughput {
  readonly concurrency: number;
  /** Tasks that succeeded, in a second. */
  readonly throughput: Spread;
}

/** Nearly the best: this part of the best throughput, or more. */
export const NEARLY_ALL = 0.9;

export type KneeFinding =
  | { readonly what: 'found'; readonly concurrency: number }
  /** The throughput still grew at the largest C that was allowed. */
  | { readonly what: 'beyond' }
  /** The trials differ so much that no C is clearly better than a smaller one. */
  | { readonly what: 'noise' }
  | { readonly what: 'too few trials' };

/** `points` by growing C; `isCut` says that more would have been tried if it had been allowed. */
export function kneeOf(points: readonly Throughput[], isCut: boolean): KneeFinding {
  if (points.length === 0 || !points.every(({ throughput }) => hasEnoughTrials(throughput))) {
    return { what: 'too few trials' };
  }
  const best = Math.max(...points.map(({ throughput }) => throughput.median));
  const place = points.findIndex(({ throughput }) => throughput.median >= NEARLY_ALL * best);
  const { concurrency, throughput } = points[place]!;
  const before = points[place - 1];
  // The next smaller C must clearly give less, or it would be the better advice.
  if (before && !apart(before.throughput, throughput)) return { what: 'noise' };
  if (before && place === points.length - 1 && isCut) return { what: 'beyond' };
  return { what: 'found', concurrency };
}
