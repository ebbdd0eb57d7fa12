// Whether the turns of a run leave no doubt on which side of an edge a figure lies: "more than a tenth faster", "near its limit".
// A run that is too noisy to show one side does not show the other side either.
import { apart, hasEnoughTrials, spreadOf, type Spread } from '../src/measure/statistics.ts';
import { ratio } from '../src/report/units.ts';

/** Whether something is so in all turns, or in none. Undefined if turns contradict each other, or are too few. */
export function inAllTurns(spread: Spread, isSo: (value: number) => boolean): boolean | undefined {
  if (!hasEnoughTrials(spread)) return undefined;
  if (spread.trials.every(isSo)) return true;
  return spread.trials.some(isSo) ? undefined : false;
}

/** Less than this is no gain: code gets a few percent faster while it warms up. A second core gives far more. */
export const LEAST_GAIN = 1.1;

/**
 * Whether a way is `LEAST_GAIN` times as fast as the baseline, or more. Undefined if the run leaves that in doubt, or if `gain`,
 * the figure that readers see, would be printed as the edge itself.
 */
export function gains(times: Spread, baseline: Spread, gain = gainOf(times, baseline)): boolean | undefined {
  if (!apart(scaled(times, LEAST_GAIN), baseline) || ratio(gain) === ratio(LEAST_GAIN)) return undefined;
  return gain > LEAST_GAIN;
}

/** The spread of so many times each value. It is what another spread must be apart from, if a ratio has an edge there. */
export const scaled = ({ trials }: Spread, factor: number): Spread =>
  spreadOf(trials.map((value) => value * factor));

/** How many times as fast as the baseline a way is, by the medians. */
export const gainOf = (times: Spread, baseline: Spread): number => baseline.median / times.median;
