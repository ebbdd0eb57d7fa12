// Two runs beside each other, job by job: what page and terminal share, and the text for a terminal.
import type { Comparison } from '../measure/comparison.ts';
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

/** A job and its comparison in each run, where it has one. */
export interface Pair {
  readonly job: string;
  readonly comparisons: ReadonlyArray<Comparison | undefined>;
}

export function pairsOf(sides: readonly [Side, Side]): Pair[] {
  const jobs = new Set(sides.flatMap(({ run }) => run.comparisons.map(({ job }) => job)));
  return Array.from(jobs, (job) => ({
    job,
    comparisons: sides.map(({ run }) => run.comparisons.find((comparison) => comparison.job === job)),
  }));
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
