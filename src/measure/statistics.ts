// Median and spread, and whether two of them differ. A mean follows every hiccup of a noisy machine. A median moves
// only if half of the samples move.

export interface Spread {
  /** Of all samples. */
  readonly median: number;
  /** Median absolute deviation of all samples from their median, unscaled. */
  readonly mad: number;
  readonly samples: readonly number[];
  /** The median of each trial, that is of each process. Only these are independent of each other. */
  readonly trials: readonly number[];
}

/** @throws {RangeError} if there is no value */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: expected at least one value, got none');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The spread of trials that took one sample each. @throws {RangeError} if there is none */
export const spreadOf = (samples: readonly number[]): Spread =>
  spreadOverTrials(samples.map((sample) => [sample]));

/** The spread of the samples that each trial took. @throws {RangeError} if there is no trial, or one without a sample */
export function spreadOverTrials(samplesOfTrials: ReadonlyArray<readonly number[]>): Spread {
  const samples = samplesOfTrials.flat();
  const center = median(samples);
  return {
    median: center,
    mad: median(samples.map((sample) => Math.abs(sample - center))),
    samples,
    trials: samplesOfTrials.map(median),
  };
}

/**
 * Fewer trials than this can never be told apart. A process may run in one of two modes, for instance with and without
 * a neighbour on its core. Two trials against two fall into different modes by chance in an eighth of all draws, and
 * one against one in half of them; three against three in 3 %.
 */
export const LEAST_TRIALS = 3;

/** Whether a spread has the trials that a comparison with another takes. */
export const hasEnoughTrials = ({ trials }: Spread): boolean => trials.length >= LEAST_TRIALS;

/**
 * How often two equal things may be called different. The test is exact only for a normal distribution. With three
 * percent there, false alarms stay below five percent for what machines do: long tails, and processes with two modes.
 */
const FALSE_ALARMS = 0.03;

/** A difference below this part of the larger mean matters to nobody, however steady both are. */
const LEAST_DIFFERENCE = 0.01;

/**
 * For each so many trials, the fastest and the slowest are cut off before two spreads are compared. So from six trials on
 * one that was far off, for instance in a minute when the machine did something else, no longer hides a difference. With
 * five trials and less that would raise false alarms: what is left of two modes often looks like one.
 */
export const TRIALS_FOR_CUT = 6;

/**
 * Whether two spreads leave no doubt which is larger. Trials decide and never samples: those of one process resemble
 * each other, and many of them would look like certainty. The test is Welch's: the means of the trials differ by more
 * than the trials themselves explain. With six trials and more it is Yuen's, which is Welch's without the extremes.
 */
export function apart(a: Spread, b: Spread): boolean {
  if (!hasEnoughTrials(a) || !hasEnoughTrials(b)) return false;
  const largest = Math.max(...[...a.trials, ...b.trials].map(Math.abs));
  if (largest === 0) return false;
  // In parts of the largest, so that no square of a very small or very large figure becomes 0 or Infinity.
  const first = sumUp(a.trials.map((value) => value / largest));
  const second = sumUp(b.trials.map((value) => value / largest));
  const difference = Math.abs(first.mean - second.mean);
  if (difference <= LEAST_DIFFERENCE * Math.max(Math.abs(first.mean), Math.abs(second.mean))) return false;
  const firstVariance = first.squares / (first.freedom * first.kept);
  const secondVariance = second.squares / (second.freedom * second.kept);
  // Three trials may lie close together by chance. Then their own spread is too small, so the spread of both groups together
  // counts too.
  const pooled = (first.squares + second.squares) / (first.freedom + second.freedom);
  const ownVariance = firstVariance + secondVariance;
  if (ownVariance === 0) return true;
  const variance = Math.max(ownVariance, pooled / first.kept + pooled / second.kept);
  const firstPart = firstVariance / ownVariance;
  const secondPart = secondVariance / ownVariance;
  // Never more than the degrees of freedom of both together.
  const freedom = 1 / (firstPart ** 2 / first.freedom + secondPart ** 2 / second.freedom);
  return chanceOf(difference / Math.sqrt(variance), freedom) < FALSE_ALARMS;
}

/** The mean without the extremes, and the squares of the distances from the mean where each extreme counts as its neighbour. */
function sumUp(trials: readonly number[]) {
  const sorted = trials.toSorted((a, b) => a - b);
  const cut = Math.floor(sorted.length / TRIALS_FOR_CUT);
  const kept = sorted.slice(cut, sorted.length - cut);
  const drawnIn = sorted.map((value) => Math.min(Math.max(value, kept[0]!), kept.at(-1)!));
  const center = mean(drawnIn);
  return {
    mean: mean(kept),
    kept: kept.length,
    freedom: kept.length - 1,
    squares: drawnIn.reduce((sum, value) => sum + (value - center) ** 2, 0),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** One trial of a spread that lies far from all others. */
export interface FarOffTrial {
  readonly value: number;
  /** All other trials, the smallest first. */
  readonly others: readonly number[];
}

/** A trial is far off if it lies so many times as far from the others as these lie from each other. */
const FAR_OFF = 3;
/** If the others are nearly equal, even a small distance would be many times theirs. A distance below this part never counts. */
const NEAR = 0.02;

/** The trial that lies far from all others; undefined if there is none. Two trials cannot tell which of them it is. */
export function farOffTrial({ trials }: Spread): FarOffTrial | undefined {
  if (trials.length < LEAST_TRIALS) return undefined;
  const sorted = trials.toSorted((a, b) => a - b);
  const candidates = [
    { value: sorted[0]!, others: sorted.slice(1) },
    { value: sorted.at(-1)!, others: sorted.slice(0, -1) },
  ];
  return candidates.find(({ value, others }) => {
    const center = median(others);
    const width = Math.max(others.at(-1)! - others[0]!, NEAR * Math.abs(center));
    return Math.abs(value - center) > FAR_OFF * width;
  });
}

/**
 * The far-off trials that alone keep two spreads from being apart: had each of them been like the others, there would be
 * no doubt. An empty list if the spreads are apart, or would not be even then.
 */
export function hidingTrials(a: Spread, b: Spread): ReadonlyArray<FarOffTrial & { readonly of: Spread }> {
  if (apart(a, b)) return [];
  const found = [a, b].flatMap((of) => {
    const farOff = farOffTrial(of);
    return farOff ? [{ ...farOff, of }] : [];
  });
  const steadied = (spread: Spread): Spread => {
    const farOff = found.find(({ of }) => of === spread);
    return farOff ? spreadOf([...farOff.others, median(farOff.others)]) : spread;
  };
  return found.length > 0 && apart(steadied(a), steadied(b)) ? found : [];
}

/**
 * How often chance alone makes Student's t as large as this, in either direction. Between whole degrees of freedom it
 * is taken in proportion.
 */
export function chanceOf(t: number, freedom: number): number {
  const below = Math.max(1, Math.floor(freedom));
  const part = Math.max(0, freedom - below);
  return (1 - part) * chanceAt(t, below) + part * chanceAt(t, below + 1);
}

/** The same for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function chanceAt(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let step = isOdd ? 3 : 2; step <= freedom - 2; step += 2) {
    term *= (Math.cos(angle) ** 2 * (step - 1)) / step;
    sum += term;
  }
  const within = isOdd ? ((angle + Math.sin(angle) * sum) * 2) / Math.PI : Math.sin(angle) * sum;
  return 1 - within;
}
