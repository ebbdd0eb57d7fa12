// What the article claims, and what this run says to it. Every sentence here is made from figures of the run and
// holds for them; where the run cannot judge, the verdict says so instead of guessing.
// Source: "In-Depth Analysis of Python Asynchronous Programming", 2024-12-15, yigebao.com/en/content/aid/2904
import { isMeasured, type Comparison } from '../measure/comparison.ts';
import { CPU_CLAIMS } from './cpu-claims.ts';
import { IO_CLAIMS } from './io-claims.ts';
import type { Rows } from './judged.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';

export interface Claim {
  readonly claim: string;
  /** The article's own figures. */
  readonly article: string;
  /** This run's figures; empty where there are none. */
  readonly measured: string;
  readonly verdict: 'holds' | 'differs' | 'not measured here';
  /** Empty where the figures show no reason. */
  readonly because: string;
}

/** The claims that concern the jobs of `comparisons`, judged. */
export function claimsOf(comparisons: readonly Comparison[]): Claim[] {
  return comparisons.flatMap((comparison) => {
    const rows: Rows = {};
    for (const row of comparison.rows) if (isMeasured(row) && row.failed === 0) rows[row.approach] = row;
    return (comparison.costMs === null ? IO_CLAIMS : CPU_CLAIMS).map(({ judge, ...claim }) => ({
      ...claim,
      ...judge(rows, comparison),
    }));
  });
}

export const SIGNS = { holds: '✓', differs: '≠', 'not measured here': '–' } as const;
const STYLES = { holds: 'green', differs: 'yellow', 'not measured here': 'dim' } as const;

/** The claims as text: verdict, what the article says, what this run measured, and why. */
export function claimsText(claims: readonly Claim[], paint: Paint): string[] {
  if (claims.length === 0) return [];
  const lines = claims.flatMap(({ claim, article, measured, verdict, because }) => [
    `${paint(STYLES[verdict], `${SIGNS[verdict]} ${verdict}:`)} ${claim}`,
    ...part('article', article),
    ...part('here', measured),
    ...part('because', because),
  ]);
  return [paint('bold', "The article's claims, in this run"), ...lines];
}

function part(name: string, text: string): string[] {
  const margin = ' '.repeat(13);
  return text ? wrapped(`    ${name.padEnd(9)}${text}`, WIDTH, margin) : [];
}
