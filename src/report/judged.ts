// What a judge of the article's claims sees and says. A verdict needs figures; so does the reason for one, which is
// left empty where the figures do not show it.
import type { Comparison, Row } from '../measure/comparison.ts';
import type { Claim } from './claims.ts';

/** The rows without failures, by approach. */
export type Rows = Partial<Record<Row['approach'], Row>>;

export type Judgement = Pick<Claim, 'measured' | 'verdict' | 'because'>;

export interface Judged {
  readonly claim: string;
  readonly article: string;
  readonly judge: (rows: Rows, comparison: Comparison) => Judgement;
}

export const notMeasured = (because: string, measured = ''): Judgement => ({
  measured,
  verdict: 'not measured here',
  because,
});

export const needs = (...approaches: string[]): Judgement =>
  notMeasured(`it takes rows without failures of ${approaches.join(' and ')}`);
