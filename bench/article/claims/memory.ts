// "40 % less memory than multi-threading", as a curve over the number of threads. Memory has two readings. That of the whole
// process is what a reader of the article would see, and much of it is the size of the imports. What came over the imports is
// what the requests and the threads themselves cost.
import { hasEnoughTrials, type Spread } from '../../../src/measure/statistics.ts';
import {
  ABOUT_FORTY_PERCENT_LESS,
  DOUBTS,
  notMeasured,
  undecided,
  type Judgement,
} from '../../../src/report/claim.ts';
import { isRatioWithin } from '../../../src/report/edges.ts';
import { mebibytes, percent } from '../../../src/report/units.ts';
import { isLeftOut, type Rows } from '../../rows.ts';
import type { Language, Manner, WaitingWay } from '../language.ts';
import { waitingTitle } from '../waiting.ts';
import { missing, TOO_FEW_TURNS } from './judging.ts';

/** Imports that differ by less than this, in MiB, explain nothing. */
const NOTEWORTHY_MIB = 1;

/** A number in flight for which the language has a way in one thread, and one in threads. */
interface Pair {
  readonly atOnce: number;
  readonly async: WaitingWay;
  readonly threads: WaitingWay;
}

/** The memory of both ways of a pair, by one reading. */
interface MemoryPoint {
  readonly atOnce: number;
  readonly async: Spread;
  readonly threads: Spread;
}

/**
 * Compares the memory of async code in one thread with that of threads, at each number in flight for which the language has
 * both. If the whole process of one of them is not known, there is no verdict. If what came over the imports is not known, the
 * whole process alone decides. Rows that are left out are no gap.
 */
export function judgeMemory(rows: Rows, language: Language): Judgement {
  const section = waitingTitle(language);
  const all = pairsOf(language);
  if (all.length === 0) return notMeasured('no row has threads');
  const leftOut = new Set(rows.all.filter(isLeftOut).map(({ section, name }) => `${section}: ${name}`));
  // A machine may have too little memory for the largest of them. The others are measured all the same.
  const measuredPairs = all.filter((pair) =>
    [pair.async, pair.threads].every(({ name }) => !leftOut.has(`${section}: ${name}`)),
  );
  const pairs = measuredPairs.length > 0 ? measuredPairs : all;
  const pointsOf = (figure: string): MemoryPoint[] =>
    pairs.flatMap((pair) => {
      const async = rows.spread(section, pair.async.name, figure);
      const threads = rows.spread(section, pair.threads.name, figure);
      return async && threads ? [{ atOnce: pair.atOnce, async, threads }] : [];
    });
  const whole = pointsOf('peakMiB');
  if (whole.length < pairs.length) {
    const ways = pairs.flatMap(({ async, threads }) => [async, threads]);
    return missing(rows, section, ways, 'peakMiB');
  }
  // A system may tell the one and not the other.
  const overImports = pointsOf('overBaselineMiB');
  const isTold = overImports.length === pairs.length;
  const measured =
    `async takes ${differencesAt(whole)} in flight (whole process)` +
    (isTold ? `, and ${differencesAt(overImports)} (over the imports)` : '') +
    `; ${clientsOf(pairs[0]!)}`;
  const because = [growthOf(whole), isTold ? importsOf(pairs[0]!, whole[0]!, overImports[0]!) : '']
    .filter((reason) => reason !== '')
    .join('; ');
  return judgementOf(
    measured,
    because,
    (isTold ? [whole, overImports] : [whole]).map((points) => verdictOf(points)),
  );
}

function pairsOf({ waiting }: Language): Pair[] {
  const at = (manner: Manner, atOnce: WaitingWay['atOnce']) =>
    waiting.find((way) => way.manner === manner && way.atOnce === atOnce);
  return waiting
    .filter(({ manner }) => manner === 'in threads')
    .flatMap((threads) => {
      const async = at('in one thread', threads.atOnce);
      return async ? [{ atOnce: Number(threads.atOnce), async, threads }] : [];
    });
}

/** What one reading says, or why it says nothing. */
type Reading = { readonly holds: boolean } | { readonly doubt: string };

function verdictOf(points: readonly MemoryPoint[]): Reading {
  if (points.some(({ async, threads }) => !hasEnoughTrials(async) || !hasEnoughTrials(threads)))
    return { doubt: TOO_FEW_TURNS };
  const holdsAt = points.map(({ async, threads }) => isRatioWithin(async, threads, ABOUT_FORTY_PERCENT_LESS));
  if (holdsAt.includes(false)) return { holds: false };
  if (!holdsAt.includes(undefined)) return { holds: true };
  return { doubt: DOUBTS.memory };
}

function judgementOf(measured: string, because: string, readings: readonly Reading[]): Judgement {
  const doubt = readings.find((reading) => 'doubt' in reading);
  if (doubt) return undecided(measured, doubt.doubt);
  const verdicts = new Set(readings.map((reading) => 'holds' in reading && reading.holds));
  if (verdicts.size > 1) return undecided(measured, 'the two readings of memory contradict each other');
  return { measured, verdict: verdicts.has(true) ? 'holds' : 'differs', because };
}

const lessAt = ({ async, threads }: MemoryPoint): number => 1 - async.median / threads.median;

/** `57 % more with 10, 49 % more with 100` */
const differencesAt = (points: readonly MemoryPoint[]): string =>
  points
    .map((point) => {
      const less = lessAt(point);
      return `${percent(Math.abs(less))} ${less > 0 ? 'less' : 'more'} with ${point.atOnce}`;
    })
    .join(', ');

const clientsOf = ({ async, threads }: Pair): string =>
  async.client === threads.client
    ? `async and threads use ${async.client}`
    : `async uses ${async.client}, threads use ${threads.client}`;

/** What one more thread and one more request take, by the fewest and the most in flight. Empty if there is one point. */
function growthOf(points: readonly MemoryPoint[]): string {
  const fewest = points[0]!;
  const most = points.at(-1)!;
  const more = most.atOnce - fewest.atOnce;
  if (more <= 0) return '';
  const each = (of: 'async' | 'threads') => mebibytes((most[of].median - fewest[of].median) / more);
  return `one more thread takes ${each('threads')}, one more request in flight ${each('async')}`;
}

/** How much more the imports of one client take. Empty if that explains nothing. */
function importsOf({ async, threads }: Pair, whole: MemoryPoint, overImports: MemoryPoint): string {
  const importsIn = (of: 'async' | 'threads') => whole[of].median - overImports[of].median;
  const more = importsIn('async') - importsIn('threads');
  if (async.client === threads.client || Math.abs(more) < NOTEWORTHY_MIB) return '';
  const larger = more > 0 ? async : threads;
  const smaller = more > 0 ? threads : async;
  return `${larger.client} and what it imports take ${mebibytes(Math.abs(more))} more than ${smaller.client}`;
}
