// The article's claims, judged for one language after the other by the rows of a run. Where the rows do not decide, the
// verdict says so.
import { apart, hasEnoughTrials, LEAST_TRIALS, spreadOf, type Spread } from '../../src/measure/statistics.ts';
import { notMeasured, type Claim, type Judgement } from '../../src/report/claim.ts';
import { count, mebibytes, percent, ratio } from '../../src/report/units.ts';
import { isFailed, isLeftOut, type Rows } from '../rows.ts';
import { computingTitle } from './computing.ts';
import type { Language, Manner, PitfallName, WaitingWay } from './language.ts';
import { CALLS, PITFALLS } from './pitfalls.ts';
import { waitingTitle } from './waiting.ts';

/** What "nearly 10 times" and "about 40 % less" may mean: the article's figure, give or take a fifth (an eighth) of it. */
const NEARLY_TEN = { from: 8, to: 12 } as const;
const ABOUT_FORTY_PERCENT = { from: 0.35, to: 0.45 } as const;
/** Arithmetic explains a ratio that is within a quarter of what it allows. The rest is connections and the mock. */
const EXPLAINED = 0.25;
/** A second core gives far more than a tenth, and code that warms up may give less. */
const LEAST_GAIN = 1.1;

interface ArticleClaim {
  readonly claim: string;
  readonly article: string;
  readonly judge: (rows: Rows, language: Language) => Judgement;
}

const TIMES = '1,000 requests: about 120 s one by one, about 12 s asynchronously';
const PITFALL = 'named as a pitfall';

const CLAIMS: readonly ArticleClaim[] = [
  {
    claim: 'nearly 10 times as fast, with ten in flight',
    article: TIMES,
    judge: (rows, language) =>
      judgeGain(rows, language, ({ manner, atOnce }) => manner === 'in one thread' && atOnce === 10),
  },
  {
    claim: "nearly 10 times as fast, by a program like the article's",
    article: TIMES,
    judge: (rows, language) => judgeGain(rows, language, ({ isArticles }) => isArticles === true),
  },
  {
    claim: '40 % less memory than multi-threading',
    article: 'about 40 % less, no figures given',
    judge: judgeMemory,
  },
  {
    claim: 'async gains nothing for CPU-bound work',
    article: 'no improvement, because of the global interpreter lock',
    judge: judgeComputing,
  },
  {
    claim: 'several processes gain for CPU-bound work',
    article: 'multiprocessing suits it better, no figures given',
    judge: judgeProcesses,
  },
  {
    claim: 'a blocking sleep in an async function stops all others',
    article: PITFALL,
    judge: judgePitfall('blocking sleep', (wrong, right) => {
      const [turns, turnsOfRight] = [wrong.number('turnsOfOther'), right.number('turnsOfOther')];
      return {
        holds: turns === 0 && turnsOfRight > 0,
        measured: `another one had ${count(turns, 'turn')} during the sleep, and ${turnsOfRight} with the asynchronous one`,
        because: '',
      };
    }),
  },
  {
    claim: 'a call without await brings no result',
    article: PITFALL,
    judge: judgePitfall('forgotten await', (wrong, right) => {
      const seen = wrong.number('requestsSeen');
      return {
        holds: wrong.number('answers') === 0 && right.number('answers') === CALLS,
        measured: `${wrong.number('answers')} of ${CALLS} answers; the API saw ${seen} of ${CALLS} requests; ${count(wrong.number('warnings'), 'warning')}`,
        because:
          seen === 0 ? 'a call alone begins nothing' : 'a call begins at once, and nobody waits for its end',
      };
    }),
  },
  {
    claim: 'synchronous calls in async functions run one by one',
    article: `${PITFALL}: it can lead to performance issues`,
    judge: judgePitfall('sync in async', (wrong, right) => {
      const [peak, peakOfRight] = [wrong.number('peakInFlight'), right.number('peakInFlight')];
      return {
        holds: peak === 1 && peakOfRight > 1,
        measured: `the API had ${peak} of ${CALLS} requests at once, and ${peakOfRight} with asynchronous calls`,
        because: '',
      };
    }),
  },
  {
    claim: 'a synchronous wait for an async function is a deadlock',
    article: `${PITFALL}: it can lead to program deadlocks`,
    judge: judgePitfall('deadlock', (wrong, right) => ({
      holds: wrong.number('answers') === 0 && right.number('answers') === 1,
      measured: `the thread stood ${wrong.words('stands')}, with ${count(wrong.number('answers'), 'answer')}`,
      because: '',
    })),
  },
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

/** How many claims hold for each language, in a sentence. */
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
    return [`${language.name}: of the article's ${verdicts.length} claims ${parts.join(', ')}.`];
  });
}

/** How much faster than one by one a way is. */
function judgeGain(rows: Rows, language: Language, isIt: (way: WaitingWay) => boolean): Judgement {
  const section = waitingTitle(language);
  const baseline = language.waiting.find(({ manner }) => manner === 'one by one');
  const way = language.waiting.find(isIt);
  const [one, it] = [baseline, way].map((each) => each && rows.spread(section, each.name, 'msPerRequest'));
  const gain = way && rows.spread(section, way.name, 'speedup')?.median;
  const peak = way && rows.spread(section, way.name, 'peakInFlight')?.median;
  if (!one || !it || gain === undefined || peak === undefined) return missing(rows, section, [baseline, way]);
  const measured = `${ratio(gain)} as fast as one by one with ${peak} in flight`;
  if (!apart(one, it)) return undecided(measured, one, it);
  return {
    measured,
    verdict: isWithin(gain, NEARLY_TEN) ? 'holds' : 'differs',
    because: Math.abs(gain / peak - 1) < EXPLAINED ? 'the ratio is the concurrency' : '',
  };
}

/** Memory in one thread and in threads, at every number in flight that the language has both for. */
function judgeMemory(rows: Rows, language: Language): Judgement {
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
  const measured = `whole process: ${points.map((point) => `${differenceAt(point)} with ${point.atOnce}`).join(', ')} in flight`;
  const agreeing = points.filter(isAboutForty);
  const disagreeing = points.filter(isCertainlyNotForty);
  if (disagreeing.length > 0) return { measured, verdict: 'differs', because: growthOf(points) };
  if (agreeing.length < points.length || points.some(({ async, threads }) => !apart(async, threads))) {
    return undecided(measured, points[0]!.async, points[0]!.threads);
  }
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

const isAboutForty = (point: MemoryPoint): boolean => isWithin(lessAt(point), ABOUT_FORTY_PERCENT);

/** Whether the memory is beyond doubt not what the threads' would be, less 35 to 45 %. */
function isCertainlyNotForty(point: MemoryPoint): boolean {
  if (isAboutForty(point)) return false;
  return [ABOUT_FORTY_PERCENT.from, ABOUT_FORTY_PERCENT.to].every((less) =>
    apart(point.async, spreadOf(point.threads.trials.map((mebibytes) => mebibytes * (1 - less)))),
  );
}

/** What one more request and one more thread take, from the fewest to the most. Empty if there is one point. */
function growthOf(points: readonly MemoryPoint[]): string {
  const [fewest, most] = [points[0]!, points.at(-1)!];
  const more = most.atOnce - fewest.atOnce;
  if (more <= 0) return '';
  const each = (of: 'async' | 'threads') => mebibytes((most[of].median - fewest[of].median) / more);
  return `one more thread takes ${each('threads')}, one more request in flight ${each('async')}`;
}

function judgeComputing(rows: Rows, language: Language): Judgement {
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

function judgeProcesses(rows: Rows, language: Language): Judgement {
  const { section, baseline, one, find, of } = computingRows(rows, language);
  const way = find('in processes');
  if (way?.workers === 1) return notMeasured('one core cannot show it');
  const [processes, threads] = [of('in processes'), of('in threads')];
  if (!one || !processes) return missing(rows, section, [baseline, way]);
  const measured =
    `${count(processes.way.workers, 'process', 'processes')}: ${ratio(processes.gain)} as fast as one by one` +
    (threads ? `; ${count(threads.way.workers, 'thread')}: ${ratio(threads.gain)}` : '');
  if (!apart(one, processes.times)) return undecided(measured, one, processes.times);
  return { measured, verdict: processes.times.median < one.median ? 'holds' : 'differs', because: '' };
}

/** The rows of computing: one by one, and another one beside it with its gain, which is taken turn by turn. */
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

/** The row of one version of a pitfall. */
interface PitfallRow {
  number(figure: string): number;
  words(figure: string): string;
}

type JudgePitfall = (
  wrong: PitfallRow,
  right: PitfallRow,
) => { readonly holds: boolean } & Pick<Judgement, 'measured' | 'because'>;

/** A pitfall that is there in the wrong version and not in the right one. */
function judgePitfall(name: PitfallName, judge: JudgePitfall): ArticleClaim['judge'] {
  return (rows, { pitfalls }) => {
    const programs = pitfalls[name];
    if (!programs) return notMeasured('there is no program for it');
    const { title, columns } = PITFALLS[name];
    const figures = Object.keys(columns);
    const names = [{ name: programs.wrong }, { name: programs.right }];
    const isThere = (row: { readonly name: string }) =>
      figures.every((figure) => rows.figure(title, row.name, figure) !== undefined);
    if (!names.every(isThere)) return missing(rows, title, names);
    const rowOf = (version: string): PitfallRow => ({
      number: (figure) => rows.spread(title, version, figure)!.median,
      words: (figure) => {
        const value = rows.figure(title, version, figure);
        return typeof value === 'string' ? value : '';
      },
    });
    const { holds, measured, because } = judge(rowOf(programs.wrong), rowOf(programs.right));
    return { measured, verdict: holds ? 'holds' : 'differs', because };
  };
}

/** Why a row that a verdict takes has no figures. */
function missing(
  { all }: Rows,
  section: string,
  ways: ReadonlyArray<{ readonly name: string } | undefined>,
  figure?: string,
): Judgement {
  const names = ways.flatMap((way) => way?.name ?? []);
  const own = all.filter((row) => row.section === section && names.includes(row.name));
  const failed = own.find(isFailed);
  if (failed) return notMeasured(`${failed.name} failed`);
  if (own.some(isLeftOut)) return notMeasured('its rows are left out');
  return notMeasured(
    figure === undefined ? 'this run has no row for it' : 'this system does not tell how much memory is used',
  );
}

function undecided(measured: string, one: Spread, other: Spread): Judgement {
  const because =
    hasEnoughTrials(one) && hasEnoughTrials(other)
      ? 'the difference is within the spread of the runs'
      : `it takes ${LEAST_TRIALS} turns of each case`;
  return { measured, verdict: 'undecided in this run', because };
}

const isWithin = (value: number, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  value >= from && value <= to;
