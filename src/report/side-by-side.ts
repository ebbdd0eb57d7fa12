// Two runs beside each other, job by job: what page and terminal share, and the text for a terminal.
import { nameOf, type Comparison } from '../measure/comparison.ts';
import { oneLine } from '../printable.ts';
import { differenceLine, differenceText } from './difference.ts';
import type { RunDocument } from './document.ts';
import { busyLine } from './machine.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { LETTERS, type Names } from './two-runs.ts';

export interface Side {
  /** What the reader knows the run by: its file. */
  readonly name: string;
  readonly run: RunDocument;
}

/** A comparison by its name, in each run that has it. */
export interface Pair {
  readonly job: string;
  readonly comparisons: ReadonlyArray<Comparison | undefined>;
}

/**
 * Comparisons of one name belong together. Those that are left may still be of one job: one run asked an API with limits and
 * the other one without, and that is a question too.
 */
export function pairsOf([one, other]: readonly [Side, Side]): Pair[] {
  const left = new Set(other.run.comparisons);
  const take = (isWanted: (comparison: Comparison) => boolean) => {
    const found = [...left].find(isWanted);
    if (found) left.delete(found);
    return found;
  };
  const byName = one.run.comparisons.map((comparison) => ({
    comparison,
    partner: take((another) => nameOf(another) === nameOf(comparison)),
  }));
  const pairs = byName.map(({ comparison, partner }) => ({
    job: nameOf(comparison),
    comparisons: [comparison, partner ?? take(({ job }) => job === comparison.job)],
  }));
  return [
    ...pairs,
    ...[...left].map((comparison) => ({ job: nameOf(comparison), comparisons: [undefined, comparison] })),
  ];
}

/** What two runs prove of a job, in one sentence. */
export function findingOf({ job, comparisons: [one, other] }: Pair, [first, second]: Names): string {
  if (one && other) return differenceLine(one, other, second);
  return `${job}: only in ${one ? first : second}.`;
}

/** The runs are A and B, since a path would be wider than a column. */
export function sideBySideText(sides: readonly [Side, Side], paint: Paint): string[] {
  const jobs = pairsOf(sides).flatMap((pair) => [...pairText(pair, paint), '']);
  const where = sides.flatMap(({ name, run }, index) => {
    const busy = busyLine(run.environment);
    return [oneLine(name), ...(busy === undefined ? [] : [busy])]
      .flatMap((text) => wrapped(`${LETTERS[index]}: ${text}`, WIDTH, '   '))
      .map((line) => paint('dim', line));
  });
  return [...jobs, ...where];
}

function pairText(pair: Pair, paint: Paint): string[] {
  const [one, other] = pair.comparisons;
  if (one && other) return differenceText(one, other, paint);
  return [paint('bold', findingOf(pair, LETTERS))];
}
