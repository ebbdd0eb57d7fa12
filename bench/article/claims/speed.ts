// "Nearly 10 times as fast", for a way to send requests.
import { DOUBTS, isExplainedBy, NEARLY_TEN, undecided, type Judgement } from '../../../src/report/claim.ts';
import { isRatioWithin } from '../../../src/report/edges.ts';
import { ratio } from '../../../src/report/units.ts';
import type { Rows } from '../../rows.ts';
import type { Language, WaitingWay } from '../language.ts';
import { waitingTitle } from '../waiting.ts';
import { missing, TOO_FEW_TURNS } from './judging.ts';

/** How many times as fast as one by one a way is. */
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
  const gain = way && rows.spread(section, way.name, 'speedup')?.median;
  const peak = way && rows.spread(section, way.name, 'peakInFlight')?.median;
  if (!baselineTimes || !wayTimes || gain === undefined || peak === undefined)
    return missing(rows, section, [baseline, way]);
  const measured = `${ratio(gain)} as fast as one by one with ${peak} in flight`;
  const holds = isRatioWithin(baselineTimes, wayTimes, NEARLY_TEN);
  if (holds === undefined) return undecided(measured, DOUBTS.speed, [baselineTimes, wayTimes], TOO_FEW_TURNS);
  return {
    measured,
    verdict: holds ? 'holds' : 'differs',
    because: isExplainedBy(peak, gain) ? 'the ratio is the concurrency' : '',
  };
}
