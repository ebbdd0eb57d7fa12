// The article's pitfalls: whether the wrong version goes wrong, and the right one does not.
import { notMeasured, type Judgement } from '../../../src/report/claim.ts';
import { count } from '../../../src/report/units.ts';
import type { PitfallName } from '../language.ts';
import { CALLS, PITFALLS } from '../pitfalls.ts';
import { missing, type ArticleClaim } from './judging.ts';

const PITFALL = 'named as a pitfall';

export const PITFALL_CLAIMS: readonly ArticleClaim[] = [
  {
    claim: 'a blocking sleep in an async function stops all others',
    article: PITFALL,
    judge: judgePitfall('blocking sleep', (wrong, right) => {
      const turns = wrong.number('turnsOfOther');
      const turnsOfRight = right.number('turnsOfOther');
      return {
        holds: turns === 0 && turnsOfRight > 0,
        measured: `another function had ${count(turns, 'turn')} during the blocking sleep, and ${turnsOfRight} during an asynchronous one`,
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
          seen === 0 ? 'a call alone starts nothing' : 'a call starts at once, and nobody waits for its end',
      };
    }),
  },
  {
    claim: 'synchronous calls in async functions run one by one',
    article: `${PITFALL}: it can lead to performance issues`,
    judge: judgePitfall('sync in async', (wrong, right) => {
      const peak = wrong.number('peakInFlight');
      const peakOfRight = right.number('peakInFlight');
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
      measured: `the thread stood ${wrong.words('stands')}, and got ${count(wrong.number('answers'), 'answer')}`,
      because: '',
    })),
  },
];

/** The row of one version of a pitfall. */
interface PitfallRow {
  number(figure: string): number;
  words(figure: string): string;
}

type JudgePitfall = (
  wrong: PitfallRow,
  right: PitfallRow,
) => { readonly holds: boolean } & Pick<Judgement, 'measured' | 'because'>;

/** The claim holds if the wrong version shows the pitfall and the right one does not. */
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
