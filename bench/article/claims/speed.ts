// "Nearly 10 times as fast", for a way to send requests.
import type { Judgement } from '../../../src/report/claim.ts';
import { ratio } from '../../../src/report/units.ts';
import { inAllTurns } from '../../certain.ts';
import type { Rows } from '../../rows.ts';
import type { Language, WaitingWay } from '../language.ts';
import { waitingTitle } from '../waiting.ts';
import { isWithin, missing, undecided } from './judging.ts';

/** What "nearly 10 times" may mean: the article's figure, give or take a fifth of it. */
const NEARLY_TEN = { from: 8, to: 12 } as const;
/** If a ratio is within a quarter of the concurrency, the concurrency explains it. The rest is connections and the mock. */
const EXPLAINED = 0.25;

/** How many times as fast as one by one a way is, in all turns. */
export function judgeSpeed(
  rows: Rows,
  language: Language,
  isWanted: (way: WaitingWay) => boolean,
): Judgement {
  const section = waitingTitle(language);
  const baseline = language.waiting.find(({ manner }) => manner === 'one by one');
  const way = language.waiting.find(isWanted);
  const baselineTimes = baseline && rows.spread(section, baseline.name, 'msPerRequest');
  const wayTimes = way && rows.spread(section, way.name, 'msPerRequest');
  const gains = way && rows.spread(section, way.name, 'speedup');
  const peak = way && rows.spread(section, way.name, 'peakInFlight')?.median;
  if (!baselineTimes || !wayTimes || !gains || peak === undefined)
    return missing(rows, section, [baseline, way]);
  const gain = gains.median;
  const measured = `${ratio(gain)} as fast as one by one with ${peak} in flight`;
  const holds = inAllTurns(gains, (times) => isWithin(times, NEARLY_TEN));
  if (holds === undefined) return undecided(measured, baselineTimes, wayTimes);
  return {
    measured,
    verdict: holds ? 'holds' : 'differs',
    because: Math.abs(gain / peak - 1) < EXPLAINED ? 'the ratio is the concurrency' : '',
  };
}
