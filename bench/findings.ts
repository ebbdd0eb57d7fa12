// What a case finds when it runs, and what becomes of it over all its turns.
import type { Spread } from '../src/measure/statistics.ts';

/** What one turn of a case found, by the name of the figure, which ends in its unit: several samples, one, or words. */
export type Findings = Readonly<Record<string, readonly number[] | number | string>>;

/** A figure of a row, over all turns. */
export type Figure = Spread | string;

/** Compares each row with one row of its section, turn by turn: both had the same minute of the machine. */
export interface Ratio {
  readonly figure: string;
  /** The row that is 1. */
  readonly baseline: string;
  /** The figure that comes of it: row / baseline, or the inverse where more is better. */
  readonly as: string;
  readonly inverse?: boolean;
}
