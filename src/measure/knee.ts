// The knee of a curve of throughput over concurrency: the smallest C that gives nearly all there is to get. Beyond it more
// at once only makes each task wait longer.
import { apart, hasEnoughTrials, type Spread } from './statistics.ts';

export interface Throughput {
  readonly concurrency: number;
  /** Tasks that succeeded, in a second. */
  readonly throughput: Spread;
}

/** Nearly all: so much of the best throughput. */
export const NEARLY_ALL = 0.9;

export type KneeFinding =
  | { readonly what: 'found'; readonly concurrency: number }
  /** The throughput still grew at the largest C that was allowed. */
  | { readonly what: 'beyond' }
  /** The trials differ more among themselves than the throughputs do. */
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
  // Half as much at once must clearly give less, or it would be the better advice.
  if (before && !apart(before.throughput, throughput)) return { what: 'noise' };
  if (before && place === points.length - 1 && isCut) return { what: 'beyond' };
  return { what: 'found', concurrency };
}
