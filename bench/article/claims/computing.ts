// "Async gains nothing for CPU-bound work", and "several processes do".
import { apart, hasEnoughTrials } from '../../../src/measure/statistics.ts';
import { notMeasured, type Judgement } from '../../../src/report/claim.ts';
import { count, ratio } from '../../../src/report/units.ts';
import type { Rows } from '../../rows.ts';
import { computingTitle } from '../computing.ts';
import type { Language, Manner } from '../language.ts';
import { missing, undecided } from './judging.ts';

/** Less than this is no gain: code gets a few percent faster while it warms up. A second core gives far more. */
const LEAST_GAIN = 1.1;

export function judgeAsyncComputing(rows: Rows, language: Language): Judgement {
  const { section, baseline, one, find, of } = computingRows(rows, language);
  const async = of('in one thread');
  if (!one || !async) return missing(rows, section, [baseline, find('in one thread')]);
  const measured = `${async.way.name}: ${ratio(async.gain)} as fast as one by one`;
  if (!hasEnoughTrials(one) || !hasEnoughTrials(async.times)) return undecided(measured, one, async.times);
  if (async.gain < LEAST_GAIN) {
    return { measured, verdict: 'holds', because: 'one thread computes, whatever it awaits' };
  }
  return apart(one, async.times)
    ? { measured, verdict: 'differs', because: 'one thread cannot explain a gain of a tenth: measure again' }
    : undecided(measured, one, async.times);
}

export function judgeProcesses(rows: Rows, language: Language): Judgement {
  const { section, baseline, one, find, of } = computingRows(rows, language);
  const way = find('in processes');
  if (way?.workers === 1) return notMeasured('one core cannot show it');
  const processes = of('in processes');
  const threads = of('in threads');
  if (!one || !processes) return missing(rows, section, [baseline, way]);
  const measured =
    `${count(processes.way.workers, 'process', 'processes')}: ${ratio(processes.gain)} as fast as one by one` +
    (threads ? `; ${count(threads.way.workers, 'thread')}: ${ratio(threads.gain)}` : '');
  if (!apart(one, processes.times)) return undecided(measured, one, processes.times);
  return { measured, verdict: processes.times.median < one.median ? 'holds' : 'differs', because: '' };
}

/** The rows of a language that computes: `one` is the time of one by one, and `of` finds another way and its gain over it. */
function computingRows(rows: Rows, language: Language) {
  const section = computingTitle(language);
  const find = (wanted: Manner) => language.computing.find(({ manner }) => manner === wanted);
  const baseline = find('one by one');
  const of = (manner: Manner) => {
    const way = find(manner);
    const times = way && rows.spread(section, way.name, 'timeMs');
    const gain = way && rows.spread(section, way.name, 'speedup')?.median;
    return way && times && gain !== undefined ? { way, times, gain } : undefined;
  };
  return { section, baseline, one: baseline && rows.spread(section, baseline.name, 'timeMs'), find, of };
}
