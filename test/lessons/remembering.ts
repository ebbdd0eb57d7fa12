// For lessons that are played several times, each time with another wrong ingredient. `rememberingCalls` keeps the results of
// calls, so that equal calls are made only once. `remembering` keeps measurements: a comparison that differs from an earlier one
// only in its approaches measures only the new ones. So a wrong ingredient can be tried on figures that are there already.
import { isDeepStrictEqual } from 'node:util';
import type { LessonComparison, measured } from '../../lessons/measured.ts';
import type { Comparison } from '../../src/measure/comparison.ts';
import type { ApproachName } from '../../src/running/registry.ts';

type Measure = typeof measured;
type Settings = Parameters<Measure>[0];
type Measured = LessonComparison<Comparison>;

export function remembering(measure: Measure): Measure {
  const known: Array<{ conditions: object; approaches: readonly ApproachName[]; result: Promise<Measured> }> =
    [];

  /** The file with the figures of an approach under these conditions. They were measured now or before. */
  async function resultsFor({ approaches, ...conditions }: Settings): Promise<Map<ApproachName, Measured>> {
    const isAlike = (each: (typeof known)[number]) => isDeepStrictEqual(each.conditions, conditions);
    const has = (approach: ApproachName) =>
      known.some((each) => isAlike(each) && each.approaches.includes(approach));
    const missing = approaches.filter((approach) => !has(approach));
    if (missing.length > 0) {
      const result = (measure as (settings: object) => Promise<Measured>)({
        ...conditions,
        approaches: missing,
      });
      known.push({ conditions, approaches: missing, result });
    }
    const results = new Map<ApproachName, Measured>();
    for (const each of known.filter(isAlike)) {
      const result = await each.result;
      for (const approach of each.approaches) results.set(approach, result);
    }
    return results;
  }

  return (async (settings: Settings): Promise<Measured> => {
    const results = await resultsFor(settings);
    const [first] = settings.approaches;
    const { comparison } = results.get(first!)!;
    return { comparison, row: (approach) => results.get(approach)!.row(approach) };
  }) as Measure;
}

/**
 * Does the same work once only. Arguments are compared by value, and functions among them by identity: a function that is
 * made anew, around an ingredient of its own, is other work.
 */
export function rememberingCalls<Arguments extends readonly unknown[], Result>(
  work: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  const known: Array<{ readonly args: Arguments; readonly result: Promise<Result> }> = [];
  return (...args) => {
    const before = known.find((each) => isDeepStrictEqual(each.args, args));
    if (before) return before.result;
    const result = work(...args);
    known.push({ args, result });
    return result;
  };
}
