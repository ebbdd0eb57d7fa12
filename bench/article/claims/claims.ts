// Judges the article's claims by the rows of a run, for one language after the other. If the rows do not decide, the verdict
// says so.
import type { Claim } from '../../../src/report/claim.ts';
import type { Rows } from '../../rows.ts';
import type { Language } from '../language.ts';
import { judgeAsyncComputing, judgeProcesses } from './computing.ts';
import type { ArticleClaim } from './judging.ts';
import { judgeMemory } from './memory.ts';
import { PITFALL_CLAIMS } from './pitfalls.ts';
import { judgeSpeed } from './speed.ts';

const TIMES = '1,000 requests: about 120 s one by one, about 12 s asynchronously';

const CLAIMS: readonly ArticleClaim[] = [
  {
    claim: 'nearly 10 times as fast, with ten in flight',
    article: TIMES,
    judge: (rows, language) =>
      judgeSpeed(rows, language, ({ manner, atOnce }) => manner === 'in one thread' && atOnce === 10),
  },
  {
    claim: "nearly 10 times as fast, by a program like the article's",
    article: TIMES,
    judge: (rows, language) => judgeSpeed(rows, language, ({ isArticles }) => isArticles === true),
  },
  {
    claim: '40 % less memory than multi-threading',
    article: 'about 40 % less, no figures given',
    judge: judgeMemory,
  },
  {
    claim: 'async gains nothing for CPU-bound work',
    article: 'no improvement, because of the global interpreter lock',
    judge: judgeAsyncComputing,
  },
  {
    claim: 'several processes gain for CPU-bound work',
    article: 'multiprocessing suits it better, no figures given',
    judge: judgeProcesses,
  },
  ...PITFALL_CLAIMS,
];

/** Every claim, for every language. */
export const judged = (rows: Rows, languages: readonly Language[]): Claim[] =>
  CLAIMS.flatMap(({ claim, article, judge }) =>
    languages.map((language) => ({
      claim: `${language.name}: ${claim}`,
      article,
      ...judge(rows, language),
    })),
  );

/**
 * How many checks hold for each language, in a sentence. There are more checks than claims. Two programs check the figure for
 * speed. Two checks belong to the third pitfall: what it costs, and the deadlock.
 */
export function summaries(rows: Rows, languages: readonly Language[]): string[] {
  return languages.flatMap((language) => {
    const verdicts = judged(rows, [language]).map(({ verdict }) => verdict);
    const holding = verdicts.filter((verdict) => verdict === 'holds').length;
    const differing = verdicts.filter((verdict) => verdict === 'differs').length;
    if (holding + differing === 0) return [];
    const open = verdicts.length - holding - differing;
    const parts = [
      holding > 0 && `${holding} ${holding === 1 ? 'holds' : 'hold'}`,
      differing > 0 && `${differing} ${differing === 1 ? 'differs' : 'differ'}`,
      open > 0 && `${open} ${open === 1 ? 'stays' : 'stay'} open`,
    ].filter((part) => part !== false);
    return [`${language.name}: of ${verdicts.length} checks of the article's claims ${parts.join(', ')}.`];
  });
}
