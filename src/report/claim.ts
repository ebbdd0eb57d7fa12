// A statement of the article, and what a run says to it. A verdict needs figures, and so does its reason. Where the figures
// do not show a reason, it stays empty.
import type { Comparison, IoComparison, Row } from '../measure/comparison.ts';
import { hasEnoughTrials, LEAST_TRIALS, type Spread } from '../measure/statistics.ts';
import type { Range } from './edges.ts';

export const VERDICTS = ['holds', 'differs', 'undecided in this run', 'not measured here'] as const;

/** "Undecided" has figures that allow no answer; "not measured" has no figures to answer with. */
export type Verdict = (typeof VERDICTS)[number];

export interface Claim {
  readonly claim: string;
  /** The article's own figures. */
  readonly article: string;
  /** This run's figures; empty where there are none. */
  readonly measured: string;
  readonly verdict: Verdict;
  /** Empty where the figures show no reason. */
  readonly because: string;
}

/** What a run says to a statement. */
export type Judgement = Pick<Claim, 'measured' | 'verdict' | 'because'>;

/** What "nearly 10 times" may mean: the article's figure, give or take a fifth of it. */
export const NEARLY_TEN: Range = { from: 8, to: 12 };
/** What "about 40 % less" may mean, as parts of the memory: give or take an eighth of the 40 %. */
export const ABOUT_FORTY_PERCENT_LESS: Range = { from: 0.55, to: 0.65 };

/** The rows without failures, by approach. */
export type RowsByApproach = Partial<Record<Row['approach'], Row>>;

/** A statement of the article before anybody judged it. */
export interface ArticleClaim<Of extends Comparison> {
  readonly claim: string;
  readonly article: string;
  /** `limited` is the comparison of the same run at an API with limits, if there is one. */
  readonly judge: (rows: RowsByApproach, comparison: Of, limited?: IoComparison) => Judgement;
}

/** For two spreads that leave a verdict in doubt. `doubt` says what is in doubt, unless there are too few trials to say anything. */
export function undecided(
  measured: string,
  one: Spread,
  other: Spread,
  doubt = 'the difference is within the spread of the runs',
): Judgement {
  const because =
    !hasEnoughTrials(one) || !hasEnoughTrials(other)
      ? `each approach needs ${LEAST_TRIALS} trials (--repeats ${LEAST_TRIALS})`
      : doubt;
  return { measured, verdict: 'undecided in this run', because };
}

export const notMeasured = (because: string): Judgement => ({
  measured: '',
  verdict: 'not measured here',
  because,
});

/** The run lacks a row that the verdict would be made of, or that row had failures. */
export const needs = (...approaches: string[]): Judgement =>
  notMeasured(`this claim needs the rows of ${approaches.join(' and ')}, without failures`);
