// "Async gains nothing for CPU-bound work", and "several processes do".
import { DOUBTS, notMeasured, undecided, type Judgement } from '../../../src/report/claim.ts';
import { count, ratio } from '../../../src/report/units.ts';
import { gains } from '../../../src/report/edges.ts';
import type { Rows } from '../../rows.ts';
import { computingTitle } from '../computing.ts';
import type { Language, Manner } from '../language.ts';
import { missing, TOO_FEW_TURNS } from './judging.ts';

export function judgeAsyncComputing(rows: Rows, language: Language): Judgement {
  const { section, baseline, baselineTimes, wayOf, gainOf } = computingRows(rows, language);
  const async = gainOf('in one thread');
  if (!baselineTimes || !async) return missing(rows, section, [baseline, wayOf('in one thread')]);
  const measured = `${async.way.name}: ${ratio(async.gain)} as fast as one by one`;
  const isFaster = gains(async.times, baselineTimes, async.gain);
  if (isFaster === undefined)
    return undecided(measured, DOUBTS.gain, [baselineTimes, async.times], TOO_FEW_TURNS);
  if (isFaster) return undecided(measured, DOUBTS.ownGain);
  return { measured, verdict: 'holds', because: 'one thread computes, whatever it awaits' };
}

export function judgeProcesses(rows: Rows, language: Language): Judgement {
  const { section, baseline, baselineTimes, wayOf, gainOf } = computingRows(rows, language);
  const way = wayOf('in processes');
  if (way?.workers === 1) return notMeasured('one core cannot show it');
  const processes = gainOf('in processes');
  const threads = gainOf('in threads');
  if (!baselineTimes || !processes) return missing(rows, section, [baseline, way]);
  const measured =
    `${count(processes.way.workers, 'process', 'processes')}: ${ratio(processes.gain)} as fast as one by one` +
    (threads ? `; ${count(threads.way.workers, 'thread')}: ${ratio(threads.gain)}` : '');
  const isFaster = gains(processes.times, baselineTimes, processes.gain);
  if (isFaster === undefined)
    return undecided(measured, DOUBTS.gain, [baselineTimes, processes.times], TOO_FEW_TURNS);
  return { measured, verdict: isFaster ? 'holds' : 'differs', because: '' };
}

/** The rows of a language that computes. `gainOf` finds a way, and how many times as fast as one by one it is. */
function computingRows(rows: Rows, language: Language) {
  const section = computingTitle(language);
  const wayOf = (wanted: Manner) => language.computing.find(({ manner }) => manner === wanted);
  const baseline = wayOf('one by one');
  const baselineTimes = baseline && rows.spread(section, baseline.name, 'timeMs');
  const gainOf = (manner: Manner) => {
    const way = wayOf(manner);
    const times = way && rows.spread(section, way.name, 'timeMs');
    const gain = way && rows.spread(section, way.name, 'speedup')?.median;
    return way && times && gain !== undefined ? { way, times, gain } : undefined;
  };
  return { section, baseline, baselineTimes, wayOf, gainOf };
}
