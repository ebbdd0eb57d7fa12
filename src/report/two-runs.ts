// What two runs say of each other, in words that the comparisons and the suites share. Settings may differ: "what if 20
// at once?" is the question that two runs answer. A ratio that chance may explain says so.
import { apart, hasEnoughTrials, type Spread } from '../measure/statistics.ts';
import { ratio } from './units.ts';

/** What the reader knows the two runs by: their files, or letters where a file's name would be too wide. */
export type Names = readonly [first: string, second: string];

/** The names in a terminal, where a path would be wider than a column. */
export const LETTERS: Names = ['A', 'B'];

/** A setting that two runs do not share, and its value in each. */
export interface Change {
  readonly name: string;
  readonly one: string;
  readonly other: string;
}

/** What was changed between two runs, in one sentence and what follows from it; undefined where nothing was. */
export function changeLine(changed: readonly Change[], [first, second]: Names): string | undefined {
  if (changed.length === 0) return undefined;
  const parts = changed.map(({ name, one, other }) => `${name} (${one} in ${first}, ${other} in ${second})`);
  return `What was changed: ${parts.join('; ')}. The ratios include this change.`;
}

/** How one figure differs between two runs. */
export interface FigureChange {
  /** Whether the two leave no doubt which is larger. */
  readonly isApart: boolean;
  /** Whether a run has too few trials to be compared with anything. */
  readonly isTooFew: boolean;
  /** The second over the first; undefined where one of them is zero or less. */
  readonly ratio?: number;
  /** The ratio, and what is to be thought of it. */
  readonly text: string;
}

export function changeOf(one: Spread, other: Spread): FigureChange {
  const isTooFew = !hasEnoughTrials(one) || !hasEnoughTrials(other);
  const isApart = apart(one, other);
  const known = one.median > 0 && other.median > 0 ? { ratio: other.median / one.median } : {};
  return { isApart, isTooFew, ...known, text: textOf(one, other, { isApart, isTooFew }) };
}

type Standing = Pick<FigureChange, 'isApart' | 'isTooFew'>;

function textOf(one: Spread, other: Spread, { isApart, isTooFew }: Standing): string {
  if (one.median === other.median && one.mad === 0 && other.mad === 0) return 'the same';
  const change = one.median > 0 && other.median > 0 ? ratio(other.median / one.median) : undefined;
  if (isTooFew) return change === undefined ? 'too few trials' : `${change}, too few trials`;
  if (!isApart) return change === undefined ? 'no clear difference' : `${change}, no clear difference`;
  if (change === undefined) return 'differs';
  // Half of the samples of each run lie within its deviation. Where that reaches zero, no ratio has a bound.
  if (one.median <= one.mad || other.median <= other.mad) return change;
  const low = ratio((other.median - other.mad) / (one.median + one.mad));
  const high = ratio((other.median + other.mad) / (one.median - one.mad));
  return low === high ? change : `${change} (${low} to ${high})`;
}

/** The one whose ratio is farthest from 1, in either direction; undefined where none has a ratio. */
export function mostApart<One extends { readonly ratio?: number | undefined }>(
  all: readonly One[],
): (One & { readonly ratio: number }) | undefined {
  const size = ({ ratio }: { readonly ratio: number }) => Math.abs(Math.log(ratio));
  const known = all.flatMap((one) => (one.ratio === undefined ? [] : [{ ...one, ratio: one.ratio }]));
  return known.toSorted((a, b) => size(b) - size(a))[0];
}

/** `as fast` for what takes less time, `as long` for what takes more: nobody has to read 0.51×. */
export const timeChangeText = (change: number): string =>
  change < 1 ? `${ratio(1 / change)} as fast` : `${ratio(change)} as long`;
