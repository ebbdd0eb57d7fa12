// "40 % less memory than multi-threading", as a curve over the number of threads.
import type { Spread } from '../../../src/measure/statistics.ts';
import { ABOUT_FORTY_PERCENT_LESS, notMeasured, type Judgement } from '../../../src/report/claim.ts';
import { isRatioWithin } from '../../../src/report/edges.ts';
import { mebibytes, percent } from '../../../src/report/units.ts';
import type { Rows } from '../../rows.ts';
import type { Language, Manner, WaitingWay } from '../language.ts';
import { waitingTitle } from '../waiting.ts';
import { missing, undecided } from './judging.ts';

/**
 * Compares the memory of async code in one thread with that of threads, at each number in flight for which the language has a
 * row with threads. If one of these figures is missing, there is no verdict.
 */
export function judgeMemory(rows: Rows, language: Language): Judgement {
  const section = waitingTitle(language);
  const at = (manner: Manner, atOnce: WaitingWay['atOnce']) =>
    language.waiting.find((way) => way.manner === manner && way.atOnce === atOnce);
  const pairs = language.waiting
    .filter(({ manner }) => manner === 'in threads')
    .map(({ atOnce }) => ({
      atOnce,
      ways: [at('in one thread', atOnce), at('in threads', atOnce)] as const,
    }));
  if (pairs.length === 0) return notMeasured('no row has threads');
  const points = pairs.flatMap(({ atOnce, ways }) => {
    const [async, threads] = ways.map((way) => way && rows.spread(section, way.name, 'peakMiB'));
    return async && threads ? [{ atOnce: Number(atOnce), async, threads }] : [];
  });
  if (points.length < pairs.length)
    return missing(
      rows,
      section,
      pairs.flatMap(({ ways }) => ways),
      'peakMiB',
    );
  const differences = points.map((point) => `${differenceAt(point)} with ${point.atOnce}`);
  const measured = `async takes ${differences.join(', ')} in flight (whole process)`;
  const holdsAt = points.map(({ async, threads }) => isRatioWithin(async, threads, ABOUT_FORTY_PERCENT_LESS));
  if (holdsAt.includes(false)) return { measured, verdict: 'differs', because: growthOf(points) };
  const inDoubt = points[holdsAt.indexOf(undefined)];
  if (inDoubt) return undecided(measured, inDoubt.async, inDoubt.threads);
  return { measured, verdict: 'holds', because: growthOf(points) };
}

interface MemoryPoint {
  readonly atOnce: number;
  readonly async: Spread;
  readonly threads: Spread;
}

const lessAt = ({ async, threads }: MemoryPoint): number => 1 - async.median / threads.median;

function differenceAt(point: MemoryPoint): string {
  const less = lessAt(point);
  return `${percent(Math.abs(less))} ${less > 0 ? 'less' : 'more'}`;
}

/** What one more thread and one more request take, by the smallest and the largest number in flight. Empty if there is one point. */
function growthOf(points: readonly MemoryPoint[]): string {
  const fewest = points[0]!;
  const most = points.at(-1)!;
  const more = most.atOnce - fewest.atOnce;
  if (more <= 0) return '';
  const each = (of: 'async' | 'threads') => mebibytes((most[of].median - fewest[of].median) / more);
  return `one more thread takes ${each('threads')}, one more request in flight ${each('async')}`;
}
