// What a check says: that the exercise passes, or what was expected and what was seen instead.
import { listed as listedWords } from '../../../src/report/units.ts';

export interface Verdict {
  readonly passes: boolean;
  /** What should have happened; empty if the exercise passes. */
  readonly expected: string;
  /** What happened instead; empty if the exercise passes. */
  readonly seen: string;
}

export const PASSES: Verdict = { passes: true, expected: '', seen: '' };

export const fails = (expected: string, seen: string): Verdict => ({ passes: false, expected, seen });

/** Thrown by `demand`: the program does not do what the exercise asks for. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly verdict: Verdict;
  constructor(expected: string, seen: string) {
    super(seen);
    this.verdict = fails(expected, seen);
  }
}

/** Ends the check unless `holds`. Both texts are whole sentences. @throws {CheckFailure} */
export function demand(holds: boolean, expected: string, seen: string): void {
  if (!holds) throw new CheckFailure(expected, seen);
}

/** `1, 2 and 3`; `none` for an empty list. */
export const listed = (values: readonly unknown[]): string =>
  values.length === 0 ? 'none' : listedWords(values.map(String));

/** A value as a reader would write it, short. */
export function shown(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'function') return 'a function';
  if (value instanceof Promise) return 'a promise';
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A value that JSON refuses (a circular one, a bigint) is told by its type below.
  }
  return (text ?? String(value)).slice(0, 120);
}

/** Whether two lists hold the same values in the same order. */
export const sameList = (one: unknown, other: readonly unknown[]): boolean =>
  Array.isArray(one) &&
  one.length === other.length &&
  one.every((value, index) => Object.is(value, other[index]));
