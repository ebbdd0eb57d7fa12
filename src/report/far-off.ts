// Why no difference is clear, where a single trial is the reason. With three trials, one that was far off can hide a
// difference of half the time: nothing in the figures tells an accident of the machine from a second mode of the program.
// So the trial is named, and the reader decides.
import { isMeasured, type Comparison } from '../measure/comparison.ts';
import { hidingTrials, TRIALS_FOR_CUT, type FarOffTrial, type Spread } from '../measure/statistics.ts';
import { duration } from './units.ts';

interface NamedTime {
  readonly name: string;
  readonly timeMs: Spread;
}

/** Which trials alone keep two times from being apart, in words; undefined where that is not the reason. */
export function farOffLine(one: NamedTime, other: NamedTime): string | undefined {
  const hiding = hidingTrials(one.timeMs, other.timeMs);
  if (hiding.length === 0) return undefined;
  const trials = hiding.map((trial) => trialText(trial.of === one.timeMs ? one.name : other.name, trial));
  return `${trials.join(' ')} That alone hides the difference between ${one.name} and ${other.name}; --repeats ${TRIALS_FOR_CUT} sees past it.`;
}

function trialText(name: string, { value, others }: FarOffTrial): string {
  const least = duration(others[0]!);
  const most = duration(others.at(-1)!);
  const range = least === most ? least : `${least} to ${most}`;
  return `${name} took ${duration(value)} in one trial, ${range} in the others.`;
}

/** The same for the fastest approach of a comparison and the first of those that may be as fast. */
export function hiddenWinnerLine({ rows }: Comparison): string | undefined {
  const [first, ...others] = rows
    .filter(isMeasured)
    .filter(({ failed }) => failed === 0)
    .map(({ approach, timeMs }) => ({ name: approach, timeMs }))
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  if (!first) return undefined;
  return others.map((other) => farOffLine(first, other)).find((line) => line !== undefined);
}
