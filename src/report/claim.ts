// A statement of the article, and what a run says to it. A verdict needs figures, and so does its reason. Where the figures
// do not show a reason, it stays empty.
import type { Comparison, IoComparison, Row } from '../measure/comparison.ts';
import { hasEnoughTrials, LEAST_TRIALS, type Spread } from '../measure/statistics.ts';
import { LEAST_GAIN, type Range } from './edges.ts';
import { percent, ratio } from './units.ts';

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

/** Reasons of a verdict that stays open. */
export const DOUBTS = {
  speed: leftOpen(`within ${NEARLY_TEN.from} to ${NEARLY_TEN.to} times`),
  memory: leftOpen(
    `within ${percent(1 - ABOUT_FORTY_PERCENT_LESS.to)} to ${percent(1 - ABOUT_FORTY_PERCENT_LESS.from)} less`,
  ),
  gain: leftOpen(`a gain of ${ratio(LEAST_GAIN)} or more`),
  ownGain: 'one thread cannot gain a tenth or more over itself: measure again',
} as const;

function leftOpen(what: string): string {
  return `the run leaves open whether this is ${what}`;
}

/** Why a comparison with fewer trials decides nothing. */
const TOO_FEW_TRIALS = `each approach needs ${LEAST_TRIALS} trials (--repeats ${LEAST_TRIALS})`;

/**
 * For a run that allows no answer. `doubt` says why. If one of `spreads` has too few trials to say anything, `tooFew` says so
 * instead.
 */
export const undecided = (
  measured: string,
  doubt: string,
  spreads: readonly Spread[] = [],
  tooFew = TOO_FEW_TRIALS,
): Judgement => ({
  measured,
  verdict: 'undecided in this run',
  because: spreads.every(hasEnoughTrials) ? doubt : tooFew,
});

/** A ratio and the number in flight may differ by so much. Connections and the mock cause that. */
const EXPLAINED = 0.25;

/** Whether the number in flight explains how many times as fast a way is. It may also be the number that the API allows. */
export const isExplainedBy = (inFlight: number, gain: number): boolean =>
  Math.abs(gain / inFlight - 1) <= EXPLAINED;

export const notMeasured = (because: string): Judgement => ({
  measured: '',
  verdict: 'not measured here',
  because,
});

/** The run lacks a row that the verdict would be made of, or that row had failures. */
export const needs = (...approaches: string[]): Judgement =>
  notMeasured(`this claim needs the rows of ${approaches.join(' and ')}, without failures`);
