// The verdicts on the article's claims, of rows that are made by hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judged, summaries } from '../../../bench/article/claims/claims.ts';
import { computingTitle } from '../../../bench/article/computing.ts';
import type { Language } from '../../../bench/article/language.ts';
import { CALLS, PITFALLS } from '../../../bench/article/pitfalls.ts';
import { waitingTitle } from '../../../bench/article/waiting.ts';
import { Rows, type MeasuredRow, type Row } from '../../../bench/rows.ts';
import { spreadOf } from '../../../src/measure/statistics.ts';

const nothing = () => Promise.reject(new Error('nothing runs here'));
const waiting = { startMs: 0, client: 'a spoon', send: nothing };
const computing = { startMs: 0, workers: 2, compute: nothing };
const cobol: Language = {
  name: 'COBOL',
  note: 'All rows use a spoon.',
  waiting: [
    { ...waiting, name: 'one', manner: 'one by one', atOnce: 1 },
    { ...waiting, name: 'ten', manner: 'in one thread', atOnce: 10 },
    { ...waiting, name: 'hundred', manner: 'in one thread', atOnce: 100, isArticles: true },
    { ...waiting, name: '10 threads', manner: 'in threads', atOnce: 10 },
    { ...waiting, name: '100 threads', manner: 'in threads', atOnce: 100 },
  ],
  computing: [
    { ...computing, name: 'one', manner: 'one by one' },
    { ...computing, name: 'async', manner: 'in one thread' },
    { ...computing, name: 'threads', manner: 'in threads' },
    { ...computing, name: 'processes', manner: 'in processes' },
  ],
  pitfalls: Object.fromEntries(
    Object.keys(PITFALLS).map((name) => [
      name,
      { wrong: 'wrong', right: 'right', program: () => ({ called: '', command: '', args: [] }) },
    ]),
  ),
};

const three = (value: number) => spreadOf([value * 0.99, value, value * 1.01]);
const row = (section: string, name: string, figures: Record<string, number | string>): Row => ({
  section,
  name,
  figures: Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [
      figure,
      typeof value === 'string' ? value : three(value),
    ]),
  ),
});
const sending = (
  name: string,
  msPerRequest: number,
  peakInFlight: number,
  peakMiB: number,
  overBaselineMiB = peakMiB / 3,
): Row =>
  row(waitingTitle(cobol), name, {
    msPerRequest,
    peakInFlight,
    peakMiB,
    overBaselineMiB,
    speedup: 120 / msPerRequest,
  });
const computes = (name: string, timeMs: number): Row =>
  row(computingTitle(cobol), name, { timeMs, speedup: 400 / timeMs });
const pitfall = (name: keyof typeof PITFALLS, version: string, figures: Record<string, number | string>) =>
  row(PITFALLS[name].title, version, figures);

/** Rows of a run in which every claim holds, except that threads grow by 0.1 MiB each. */
const ROWS = {
  one: sending('one', 120, 1, 15),
  ten: sending('ten', 12.1, 10, 18),
  hundred: sending('hundred', 12.2, 10, 18),
  '10 threads': sending('10 threads', 12, 10, 30),
  '100 threads': sending('100 threads', 1.2, 100, 30),
  'computing one': computes('one', 400),
  'computing async': computes('async', 401),
  'computing threads': computes('threads', 402),
  'computing processes': computes('processes', 210),
  'sleep wrong': pitfall('blocking sleep', 'wrong', { turnsOfOther: 0 }),
  'sleep right': pitfall('blocking sleep', 'right', { turnsOfOther: 40 }),
  'await wrong': pitfall('forgotten await', 'wrong', { answers: 0, requestsSeen: 0, warnings: 1 }),
  'await right': pitfall('forgotten await', 'right', { answers: CALLS, requestsSeen: CALLS, warnings: 0 }),
  'sync wrong': pitfall('sync in async', 'wrong', { peakInFlight: 1 }),
  'sync right': pitfall('sync in async', 'right', { peakInFlight: CALLS }),
  'deadlock wrong': pitfall('deadlock', 'wrong', { answers: 0, stands: 'in a queue' }),
  'deadlock right': pitfall('deadlock', 'right', { answers: 1, stands: 'nowhere' }),
} as const;
type Name = keyof typeof ROWS;

const claimsWith = (changes: Partial<Record<Name, Row>> = {}, of = cobol) =>
  judged(new Rows(Object.values({ ...ROWS, ...changes })), [of]);
const claimWith = (about: RegExp, changes: Partial<Record<Name, Row>>) => {
  const claim = claimsWith(changes).find(({ claim }) => about.test(claim));
  return claim ?? assert.fail(`no claim ${about}`);
};
const failed = (name: Name): Row => {
  const { section, name: own } = ROWS[name];
  return { section, name: own, error: 'burnt' };
};
const leftOut = (name: Name): Row => {
  const { section, name: own } = ROWS[name];
  return { section, name: own, leftOut: 'no COBOL here; type: make cobol' };
};
const once = (row: Row): Row => {
  assert.ok('figures' in row);
  const figures = Object.entries(row.figures).map(([name, figure]) => [
    name,
    typeof figure === 'string' ? figure : spreadOf([figure.median]),
  ]);
  return { ...row, figures: Object.fromEntries(figures) as typeof row.figures };
};

test('where the rows are as the article says, every claim holds, for the language that is named', () => {
  const claims = claimsWith();
  for (const { claim, verdict, measured } of claims) {
    assert.equal(verdict, 'holds', claim);
    assert.match(claim, /^COBOL: /);
    assert.notEqual(measured, '');
  }
  assert.deepEqual(summaries(new Rows(Object.values(ROWS)), [cobol]), [
    `COBOL: of ${claims.length} checks of the article's claims ${claims.length} hold.`,
  ]);
});

describe('each verdict follows its rows', () => {
  for (const [about, changes, measured] of [
    [
      /like the article's/,
      { hundred: sending('hundred', 1.4, 100, 18) },
      /^85\.7× as fast .* 100 in flight$/,
    ],
    [/ten in flight/, { ten: sending('ten', 120, 1, 18), one: sending('one', 240, 1, 15) }, /^1\.00× /],
    [
      /40 % less/,
      { '100 threads': sending('100 threads', 1.2, 100, 20) },
      /^async takes 40 % less with 10, 10 % less with 100 in flight \(whole process\), and 40 % less with 10, 10 % less with 100 \(over the imports\); async and threads use a spoon$/,
    ],
    [
      /40 % less/,
      { hundred: sending('hundred', 12.2, 10, 60) },
      /100 % more with 100 in flight \(whole process\), and .*100 % more with 100 \(over the imports\); /,
    ],
    [
      /several processes/,
      { 'computing processes': computes('processes', 380) },
      /^2 processes: 1\.05× as fast as one by one; 2 threads: 1\.00×$/,
    ],
    [
      /blocking sleep/,
      { 'sleep wrong': pitfall('blocking sleep', 'wrong', { turnsOfOther: 3 }) },
      /^another function had 3 turns /,
    ],
    [
      /without await/,
      { 'await wrong': pitfall('forgotten await', 'wrong', { answers: 2, requestsSeen: 5, warnings: 0 }) },
      /^2 of 5 answers; the API saw 5 of 5 requests; 0 warnings$/,
    ],
    [
      /one by one$/,
      { 'sync wrong': pitfall('sync in async', 'wrong', { peakInFlight: 4 }) },
      /^the API had 4 of 5 requests at once/,
    ],
    [
      /deadlock/,
      { 'deadlock wrong': pitfall('deadlock', 'wrong', { answers: 1, stands: 'nowhere' }) },
      /^the thread stood nowhere, and got 1 answer$/,
    ],
  ] as const) {
    test(`${about} differs`, () => {
      const claim = claimWith(about, changes);
      assert.equal(claim.verdict, 'differs');
      assert.match(claim.measured, measured);
    });
  }

  test('the right version must be right, or a wrong one proves nothing', () => {
    for (const [about, changes] of [
      [/blocking sleep/, { 'sleep right': pitfall('blocking sleep', 'right', { turnsOfOther: 0 }) }],
      [/one by one$/, { 'sync right': pitfall('sync in async', 'right', { peakInFlight: 1 }) }],
      [/deadlock/, { 'deadlock right': pitfall('deadlock', 'right', { answers: 0, stands: 'here' }) }],
    ] as const) {
      assert.equal(claimWith(about, changes).verdict, 'differs');
    }
  });
});

test('one turn decides no claim about time or memory', () => {
  const names: Name[] = ['one', 'ten', 'hundred', '10 threads', '100 threads'];
  const computed: Name[] = ['computing one', 'computing async', 'computing threads', 'computing processes'];
  const changes = Object.fromEntries([...names, ...computed].map((name) => [name, once(ROWS[name])]));
  const undecided = claimsWith(changes).filter(({ verdict }) => verdict === 'undecided in this run');
  assert.equal(undecided.length, 5);
  for (const { because } of undecided) assert.equal(because, 'a verdict takes 3 turns of each case');
});

test('turns on both sides of an edge decide nothing about time or memory', () => {
  const { ten } = ROWS;
  assert.ok('figures' in ten);
  const changed = (figures: Record<string, ReturnType<typeof three>>) => ({
    ten: { ...ten, figures: { ...ten.figures, ...figures } },
  });
  const saidOf = (about: RegExp, changes: Partial<Record<Name, Row>>) => {
    const { verdict, because } = claimWith(about, changes);
    return verdict === 'undecided in this run' ? because : verdict;
  };
  const fast = (...times: number[]) => {
    const speedup = spreadOf(times.map((ms) => 120 / ms));
    return saidOf(/ten in flight/, changed({ msPerRequest: spreadOf(times), speedup }));
  };
  const isOpenSpeed = 'the run leaves open whether this is within 8 to 12 times';
  assert.equal(fast(14, 14.1, 13.9), 'holds', '8.6 times');
  assert.equal(fast(14, 14.2, 18), isOpenSpeed, 'one turn says 6.7 times');
  assert.equal(fast(16, 16.1, 15.9), 'differs', '7.5 times');
  const lean = (...peaks: number[]) => saidOf(/40 % less/, changed({ peakMiB: spreadOf(peaks) }));
  const isOpen = 'the run leaves open whether this is within 35 % to 45 % less';
  assert.equal(lean(18.6, 18.5, 18.7), 'holds', '38 % less than the 30 MiB of the threads');
  assert.equal(lean(19.4, 18.4, 20.4), isOpen, '35 % less, in the middle');
  assert.equal(lean(19.7, 19.8, 19.75), isOpen, 'surely less than the threads take, and 34 %');
  const overImports = (...over: number[]) =>
    saidOf(/40 % less/, changed({ overBaselineMiB: spreadOf(over) }));
  assert.equal(overImports(6, 6.05, 5.95), 'holds', '40 % less than the 10 MiB of the threads');
  assert.equal(overImports(9, 9.05, 8.95), 'the two readings of memory contradict each other');
});

test('a gain that one thread cannot have is no verdict', () => {
  const { verdict, because, measured } = claimWith(/async gains/, {
    'computing async': computes('async', 200),
  });
  assert.deepEqual(
    [verdict, because, measured],
    [
      'undecided in this run',
      'one thread cannot gain a tenth or more over itself: measure again',
      'async: 2.00× as fast as one by one',
    ],
  );
});

test('the reason for a verdict about memory is what one more costs, and what the imports of two clients differ by', () => {
  const [one, ten, hundred, ...threads] = cobol.waiting;
  const withLadle = {
    ...cobol,
    waiting: [one!, ten!, hundred!, ...threads.map((way) => ({ ...way, client: 'a ladle' }))],
  };
  const changes = {
    ten: sending('ten', 12.1, 10, 35, 5),
    hundred: sending('hundred', 12.2, 10, 44, 14),
    '100 threads': sending('100 threads', 1.2, 100, 45, 25),
  };
  const judgedWith = (language: Language, more: Partial<Record<Name, Row>> = {}) =>
    claimsWith({ ...changes, ...more }, language).find(({ claim }) => claim.includes('40 % less'))!;
  const { measured, because, verdict } = judgedWith(withLadle);
  assert.equal(verdict, 'differs');
  assert.match(measured, /^async takes 17 % more with 10, .*; async uses a spoon, threads use a ladle$/);
  assert.equal(
    because,
    'one more thread takes 0.167 MiB, one more request in flight 0.100 MiB; a spoon and what it imports take 10.0 MiB more than a ladle',
  );
  assert.doesNotMatch(judgedWith(cobol).because, /imports/);
  const few = judgedWith(cobol, { '100 threads': leftOut('100 threads') });
  assert.match(
    few.measured,
    /^async takes 17 % more with 10 in flight \(whole process\), and 50 % less with 10 \(over the imports\)/,
  );
  assert.equal(few.verdict, 'differs');
});

test('turns too noisy to show a gain do not show that there is none', () => {
  const { section, name } = ROWS['computing async'];
  const figures = { speedup: spreadOf([1.6, 1, 0.7]), timeMs: spreadOf([250, 400, 570]) };
  const claim = claimWith(/async gains/, { 'computing async': { section, name, figures } });
  assert.equal(claim.verdict, 'undecided in this run');
});

test('a gain within the spread of the runs decides nothing', () => {
  const processes = ROWS['computing processes'];
  const figures = { speedup: three(1.9), timeMs: spreadOf([100, 390, 700]) };
  const changed: Row = { section: processes.section, name: processes.name, figures };
  const claim = claimWith(/several processes/, { 'computing processes': changed });
  assert.deepEqual(
    [claim.verdict, claim.because],
    ['undecided in this run', 'the run leaves open whether this is a gain of 1.10× or more'],
  );
});

test('what is not measured says why: it failed, it is left out, there is no row or no program', () => {
  const whyOf = (about: RegExp, changes: Partial<Record<Name, Row>>) => {
    const { verdict, because, measured } = claimWith(about, changes);
    assert.deepEqual([verdict, measured], ['not measured here', '']);
    return because;
  };
  assert.equal(whyOf(/ten in flight/, { ten: failed('ten') }), 'ten failed');
  assert.equal(whyOf(/async gains/, { 'computing async': failed('computing async') }), 'async failed');
  assert.equal(whyOf(/like the article's/, { hundred: leftOut('hundred') }), 'its rows are left out');
  const noThreads = { '10 threads': leftOut('10 threads'), '100 threads': leftOut('100 threads') };
  assert.equal(whyOf(/40 % less/, noThreads), 'its rows are left out');
  assert.equal(whyOf(/deadlock/, { 'deadlock wrong': leftOut('deadlock wrong') }), 'its rows are left out');
  const noMemory = row(waitingTitle(cobol), 'ten', { msPerRequest: 12, speedup: 10, peakInFlight: 10 });
  assert.equal(whyOf(/40 % less/, { ten: noMemory }), 'this system does not tell how much memory is used');
  const bare = claimsWith({}, { ...cobol, waiting: [], computing: [], pitfalls: {} });
  assert.deepEqual(new Set(bare.map(({ verdict }) => verdict)), new Set(['not measured here']));
  const oneCore = { ...cobol, computing: cobol.computing.map((way) => ({ ...way, workers: 1 })) };
  const processes = claimsWith({}, oneCore).find(({ claim }) => claim.includes('several processes'));
  assert.equal(processes?.because, 'one core cannot show it');
});

test('a run saved before memory had two readings is judged by the whole process', () => {
  const changes = Object.fromEntries(
    (['ten', 'hundred', '10 threads', '100 threads'] as const).map((name) => {
      const { section, name: own, figures } = ROWS[name] as MeasuredRow;
      const { overBaselineMiB: _, ...others } = figures;
      return [name, { section, name: own, figures: others }];
    }),
  );
  const { verdict, measured } = claimWith(/40 % less/, changes);
  assert.equal(verdict, 'holds');
  assert.match(measured, / in flight \(whole process\); async and threads use a spoon$/);
});

test('a run that decides nothing has no summary, and one that leaves claims open says how many', () => {
  assert.deepEqual(summaries(new Rows([]), [cobol]), []);
  const some = new Rows(Object.values({ ...ROWS, ten: failed('ten') }));
  assert.deepEqual(summaries(some, [cobol]), [
    "COBOL: of 9 checks of the article's claims 7 hold, 2 stay open.",
  ]);
  const differing = new Rows([ROWS['sleep right'], { ...ROWS['sleep right'], name: 'wrong' }]);
  assert.deepEqual(summaries(differing, [cobol]), [
    "COBOL: of 9 checks of the article's claims 1 differs, 8 stay open.",
  ]);
});
