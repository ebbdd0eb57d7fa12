// The answer of a comparison in one sentence. It is made from this run's figures, speaks in ratios, and is left out
// where the figures do not carry it.
import { hasLimits, isMeasured, nameOf, type Comparison, type Row } from '../measure/comparison.ts';
import { apart, hasEnoughTrials, LEAST_TRIALS } from '../measure/statistics.ts';
import { asFastAs, listed, number, ratio } from './units.ts';

export interface Ranking {
  /** The fastest, and those whose times are not beyond doubt longer. */
  readonly level: readonly Row[];
  readonly slower: readonly Row[];
  /** Those with too few trials to be ranked. */
  readonly unranked: readonly Row[];
}

/** The rows without failures, by time: who lost orders is not among them. Undefined with fewer than two that can be ranked. */
export function ranking({ rows }: Comparison): Ranking | undefined {
  const good = goodRows(rows);
  const [first, ...others] = good
    .filter(({ timeMs }) => hasEnoughTrials(timeMs))
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  if (!first || others.length === 0) return undefined;
  const level = [first, ...others.filter((row) => !apart(first.timeMs, row.timeMs))];
  return {
    level,
    slower: others.filter((row) => !level.includes(row)),
    unranked: good.filter(({ timeMs }) => !hasEnoughTrials(timeMs)),
  };
}

const goodRows = (rows: Comparison['rows']): Row[] =>
  rows.filter(isMeasured).filter((row) => row.failed === 0);

/**
 * Which approach was fastest, and by how much. Where others may be as fast, these are named together and nobody is
 * ranked. Undefined with fewer than two rows without failures.
 */
export function finding(comparison: Comparison): string | undefined {
  if (goodRows(comparison.rows).length < 2) return undefined;
  const job = nameOf(comparison);
  const ranked = ranking(comparison);
  if (!ranked) {
    return `${job}: too few trials to say who is fastest; each approach needs ${LEAST_TRIALS} (--repeats ${LEAST_TRIALS}).`;
  }
  const { level, slower, unranked } = ranked;
  const few =
    unranked.length === 0 ? '' : `; ${namesOf(unranked)}: fewer than ${LEAST_TRIALS} trials, so not ranked`;
  const lost = lostText(comparison);
  if (level.length > 1) {
    // Each may be as fast as the first, and two of them can still be clearly different from each other.
    const alike = level.every((one) => level.every((other) => !apart(one.timeMs, other.timeMs)));
    const answer = alike
      ? `${namesOf(level)}: no clear difference`
      : `no clear winner among ${namesOf(level)}`;
    return `${job}: ${answer}${gainOfLevel(level, slower)}${few}${lost}.`;
  }
  const [first] = level as [Row];
  const gain =
    first.approach === 'sequential' || !slower.some((row) => row.approach === 'sequential')
      ? ''
      : `, ${asFastAs(first.speedup ?? 1, 'sequential')}`;
  return `${job}: ${first.approach} is fastest${gain}${few}${lost}.`;
}

/** How all of `level` compare with sequential, if each of them is beyond doubt faster. */
function gainOfLevel(level: readonly Row[], slower: readonly Row[]): string {
  const sequential = slower.find((row) => row.approach === 'sequential');
  if (!sequential || !level.every((row) => apart(row.timeMs, sequential.timeMs))) return '';
  const gains = level.map((row) => sequential.timeMs.median / row.timeMs.median);
  const least = ratio(Math.min(...gains));
  const most = ratio(Math.max(...gains));
  return `, ${least === most ? most : `${least} to ${most}`} as fast as sequential`;
}

/** Who lost orders at the limits of the API. A failure that was asked for, a fault, says nothing against an approach. */
function lostText(comparison: Comparison): string {
  if (!hasLimits(comparison) || comparison.faults) return '';
  const losses = comparison.rows
    .filter(isMeasured)
    .filter(({ failed }) => failed > 0)
    .map(
      ({ approach, failed, succeeded }) =>
        `${approach} lost ${number(failed)} of ${number(failed + succeeded)}`,
    );
  return losses.length === 0 ? '' : `; ${listed(losses)}`;
}

const namesOf = (rows: readonly Row[]): string => listed(rows.map((row) => row.approach));
