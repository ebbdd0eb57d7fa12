// Median and spread. A mean follows every hiccup of a noisy machine; a median needs half the samples to agree.

export interface Spread {
  readonly median: number;
  /** Median absolute deviation from the median, unscaled. */
  readonly mad: number;
  readonly samples: readonly number[];
}

/** @throws {RangeError} if there is no value */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: expected at least one value, got none');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @throws {RangeError} if there is no sample */
export function spreadOf(samples: readonly number[]): Spread {
  const center = median(samples);
  return { median: center, mad: median(samples.map((sample) => Math.abs(sample - center))), samples };
}

/**
 * Of fewer samples than FEW two may lie close by chance and make the MAD of all too small: of three, so often that a
 * fifth of equal pairs would look different. It is then taken as this part of the median, at least.
 */
const FEW = 6;
const DOUBT = 0.05;

/** Whether two spreads leave no doubt which is larger: median ± 2 MAD do not touch. */
export function apart(a: Spread, b: Spread): boolean {
  const reach = ({ median, mad, samples }: Spread) =>
    2 * (samples.length < FEW ? Math.max(mad, DOUBT * median) : mad);
  return Math.abs(a.median - b.median) > reach(a) + reach(b);
}
