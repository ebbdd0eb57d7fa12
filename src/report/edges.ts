// Whether the trials of a run leave no doubt on which side of an edge a figure lies: "a tenth faster", "nearly 10 times",
// "near its limit". A run that is too noisy to show one side does not show the other side either.
import { apart, hasEnoughTrials, spreadOf, type Spread } from '../measure/statistics.ts';
import { ratio } from './units.ts';

/** Whether something is so in all trials, or in none. Undefined if trials contradict each other, or are too few. */
export function inAllTrials(spread: Spread, isSo: (value: number) => boolean): boolean | undefined {
  if (!hasEnoughTrials(spread)) return undefined;
  if (spread.trials.every(isSo)) return true;
  return spread.trials.some(isSo) ? undefined : false;
}

/**
 * Less than this is no gain: code that warms up, or a core that runs faster for a moment, makes one way or another faster by
 * some percent. A second core gives far more.
 */
export const LEAST_GAIN = 1.1;

/**
 * Whether a way is `LEAST_GAIN` times as fast as the baseline, or more. Undefined if the run leaves that in doubt, or if
 * `gain`, the figure that readers see, would be printed as the edge itself.
 */
export function gains(times: Spread, baseline: Spread, gain = gainOf(times, baseline)): boolean | undefined {
  if (!apart(scaled(times, LEAST_GAIN), baseline) || ratio(gain) === ratio(LEAST_GAIN)) return undefined;
  return gain > LEAST_GAIN;
}

/** How many times as fast as the baseline a way is, by the medians. */
export const gainOf = (times: Spread, baseline: Spread): number => baseline.median / times.median;

/** Two edges, and all that lies between them. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Whether `one` is so many times `other` as the range says. Undefined if the run leaves that in doubt. */
export function isRatioWithin(one: Spread, other: Spread, { from, to }: Range): boolean | undefined {
  if (![from, to].every((edge) => apart(one, scaled(other, edge)))) return undefined;
  const times = one.median / other.median;
  return times > from && times < to;
}

/** The spread of so many times each trial. A ratio of two spreads is beyond an edge if one is apart from that of the other. */
export const scaled = ({ trials }: Spread, factor: number): Spread =>
  spreadOf(trials.map((value) => value * factor));
