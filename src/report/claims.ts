// What the article claims, and what this run says to it. Every sentence is made from figures of the run and is true
// of them. Where the run cannot judge, the verdict says so.
// Source: "In-Depth Analysis of Python Asynchronous Programming", 2024-12-15.
import { hasLimits, isMeasured, type Comparison } from '../measure/comparison.ts';
import type { Claim, RowsByApproach, Verdict } from './claim.ts';
import { CPU_CLAIMS } from './cpu-claims.ts';
import { IO_CLAIMS } from './io-claims.ts';
import { WIDTH, wrapped, type Paint, type Style } from './paint.ts';

/** Where the article is, for a terminal; the page has a link. */
const ARTICLE = 'yigebao.com/en/content/aid/2904';

/** The claims that concern the jobs of `comparisons`, judged. */
export function claimsOf(comparisons: readonly Comparison[]): Claim[] {
  const limited = comparisons.find(hasLimits);
  return comparisons.flatMap((comparison) => {
    // The article's API has no limits. So the comparison without limits judges the claims, if the run has one. The comparison
    // with limits only adds a figure to them.
    if (comparison === limited && comparisons.some((other) => other !== limited && other.kind === 'io'))
      return [];
    const rows: RowsByApproach = {};
    for (const row of comparison.rows) if (isMeasured(row) && row.failed === 0) rows[row.approach] = row;
    // The article knows nothing of the reader's own work.
    if (comparison.kind === 'own') return [];
    return comparison.kind === 'io'
      ? IO_CLAIMS.map(({ judge, ...claim }) => ({ ...claim, ...judge(rows, comparison, limited) }))
      : CPU_CLAIMS.map(({ judge, ...claim }) => ({ ...claim, ...judge(rows, comparison) }));
  });
}

/** A sign beside the words, for readers who see no colour. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
  holds: '✓',
  differs: '≠',
  'undecided in this run': '?',
  'not measured here': '–',
};
const STYLES: Readonly<Record<Verdict, Style>> = {
  holds: 'green',
  differs: 'yellow',
  'undecided in this run': 'dim',
  'not measured here': 'dim',
};

export interface ClaimsTextOptions {
  readonly paint: Paint;
  /** Also what the article says, and why the verdict is what it is. */
  readonly verbose: boolean;
}

/** The claims as text. In short: verdict and claim in one line, this run's figures in the next. */
export function claimsText(claims: readonly Claim[], { paint, verbose }: ClaimsTextOptions): string[] {
  if (claims.length === 0) return [];
  const lines = claims.flatMap((claim, index) => [
    ...title(claim, paint),
    ...(verbose ? inFull(claim, claims[index - 1]) : inShort(claim)),
  ]);
  return [`${paint('bold', "The article's claims, in this run")} (${ARTICLE})`, ...lines];
}

const MARGIN = ' '.repeat(4);

function title({ claim, verdict }: Claim, paint: Paint): string[] {
  const mark = `${SIGNS[verdict]} ${verdict}:`;
  const [first = '', ...rest] = wrapped(`${mark} ${claim}`, WIDTH, MARGIN);
  return [paint(STYLES[verdict], mark) + first.slice(mark.length), ...rest];
}

/** The figures, or the reason why there are none. An undecided claim needs both. */
function inShort({ verdict, measured, because }: Claim): string[] {
  const text = verdict === 'undecided in this run' ? `${because}: ${measured}` : measured || because;
  return wrapped(MARGIN + text, WIDTH, MARGIN);
}

/** What the article says stands once, where it is the same as for the claim before. */
const inFull = ({ article, measured, because }: Claim, before: Claim | undefined): string[] => [
  ...part('article', article === before?.article ? '' : article),
  ...part('here', measured),
  ...part('because', because),
];

function part(name: string, text: string): string[] {
  const label = `${MARGIN}${name.padEnd(9)}`;
  return text === '' ? [] : wrapped(label + text, WIDTH, ' '.repeat(label.length));
}
