// "Nearly 10 times as fast", for a way to send requests.
import { NEARLY_TEN, type Judgement } from '../../../src/report/claim.ts';
import { isRatioWithin } from '../../../src/report/edges.ts';
import { ratio } from '../../../src/report/units.ts';
import type { Rows } from '../../rows.ts';
import type { Language, WaitingWay } from '../language.ts';
import { waitingTitle } from '../waiting.ts';
import { missing, undecided } from './judging.ts';

/** If a ratio is within a quarter of the concurrency, the concurrency explains it. The rest is connections and the mock. */
const EXPLAINED = 0.25;

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
  if (holds === undefined) {
    const { from, to } = NEARLY_TEN;
    const doubt = `the run leaves open whether this is within ${from} to ${to} times`;
    return undecided(measured, doubt, baselineTimes, wayTimes);
  }
  return {
    measured,
    verdict: holds ? 'holds' : 'differs',
    because: Math.abs(gain / peak - 1) < EXPLAINED ? 'the ratio is the concurrency' : '',
  };
}
