// The runner, on plans made for it: turns, failures, ratios, and what the rows may say.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { hasFailed, runPlan } from '../../bench/run.ts';
import { isFailed, isMeasured, Rows, type Row } from '../../bench/rows.ts';
import type { Findings } from '../../bench/findings.ts';
import { LeftOut, type Case, type Plan, type Section } from '../../bench/suite.ts';
import { spreadOf } from '../../src/measure/statistics.ts';
import { turn } from '../turns.ts';

const never = new AbortController().signal;
const eachCase = (name: string, run: Case['run']): Case => ({ name, estimateMs: 1, run });
const planOf = (cases: readonly Case[], more: Partial<Plan & Section> = {}): Plan => ({
  settings: { dishes: 3 },
  repeats: 3,
  sections: [{ title: 'Dishes', columns: {}, cases, ...more }],
  closing: () => [],
  ...more,
});
const figuresOf = (row: Row | undefined) => (row && isMeasured(row) ? row.figures : {});
const run = (plan: Plan) => runPlan('kitchen', plan, { size: 'default', signal: never });

test('cases take turns, and each round starts one case later', async () => {
  const log: string[] = [];
  const logged = (name: string) => eachCase(name, async () => (log.push(name), { timeMs: 1 }));
  await run(planOf(['soup', 'fish', 'cake'].map(logged)));
  assert.deepEqual(log, ['soup', 'fish', 'cake', 'fish', 'cake', 'soup', 'cake', 'soup', 'fish']);
});

test('a run keeps the notes of its sections', async () => {
  const soup = eachCase('soup', async () => ({ timeMs: 4 }));
  const { notes } = await run(planOf([soup], { note: 'on one stove' }));
  assert.deepEqual(notes, { Dishes: 'on one stove' });
});

test('a case that throws is a row that says so, runs no more, and spoils no other row', async () => {
  let calls = 0;
  const burnt = eachCase('burnt', async () => {
    if (++calls === 2) throw new Error('the roast is burnt');
    return { timeMs: 1 };
  });
  const result = await run(planOf([burnt, eachCase('soup', async () => ({ timeMs: 4 }))]));
  assert.equal(calls, 2);
  assert.ok(hasFailed(result));
  assert.deepEqual(result.rows[0], { section: 'Dishes', name: 'burnt', error: 'the roast is burnt' });
  assert.deepEqual(result.rows[1], {
    section: 'Dishes',
    name: 'soup',
    figures: { timeMs: { median: 4, mad: 0, samples: [4, 4, 4], trials: [4, 4, 4] } },
  });
});

test('a case that cannot run on this machine is left out with its reason, and is no failure', async () => {
  let calls = 0;
  const paella = eachCase('paella', async () => {
    calls += 1;
    throw new LeftOut('no rice here; type: buy rice');
  });
  const soup = eachCase('soup', async () => ({ timeMs: 4 }));
  const ratios = [{ figure: 'timeMs', baseline: 'paella', as: 'ratioToPaella' }];
  const result = await run(planOf([paella, soup], { ratios }));
  assert.equal(calls, 1);
  assert.ok(!hasFailed(result));
  const [left, measured] = result.rows;
  assert.deepEqual(left, { section: 'Dishes', name: 'paella', leftOut: 'no rice here; type: buy rice' });
  assert.deepEqual(Object.keys(figuresOf(measured)), ['timeMs']);
  assert.equal(new Rows(result.rows).spread('Dishes', 'paella', 'timeMs'), undefined);
});

test('the environment has the version of everything else that was measured', async () => {
  const soup = eachCase('soup', async () => ({ timeMs: 4 }));
  const { environment } = await run(planOf([soup], { versions: { Salt: '1.2' } }));
  assert.equal(environment.packages['Salt'], '1.2');
  assert.equal(typeof environment.packages['undici'], 'string');
});

test('a case that passes its deadline is a failed row, is told to stop, and holds up nobody', async (t) => {
  const { setTimeout } = globalThis;
  // Hours pass in a moment. Only a deadline is as long as ten seconds.
  t.mock.method(globalThis, 'setTimeout', ((run: () => void, ms: number) =>
    setTimeout(run, ms >= 10_000 ? 0 : ms)) as never);
  const stopped: unknown[] = [];
  const stew = eachCase('stew', ({ signal }) => {
    signal.addEventListener('abort', () => stopped.push((signal.reason as Error).message));
    return Promise.withResolvers<never>().promise;
  });
  // Made by the case that hangs, and still good for the next one.
  const shares = eachCase('shares', async ({ shared }) => {
    await shared('oven', async (signal) => {
      signal.addEventListener('abort', () => stopped.push('the oven'));
      return { [Symbol.asyncDispose]: async () => {} };
    });
    return Promise.withResolvers<never>().promise;
  });
  const soup = eachCase('soup', async () => ({ timeMs: 4 }));
  const { rows } = await run(planOf([stew, shares, soup], { repeats: 1 }));
  const error = 'nothing came within 60 s, where some 0 s were expected';
  assert.deepEqual(rows.slice(0, 2), [
    { section: 'Dishes', name: 'stew', error },
    { section: 'Dishes', name: 'shares', error },
  ]);
  assert.deepEqual(Object.keys(figuresOf(rows[2])), ['timeMs']);
  assert.deepEqual(stopped, [error]);
});

test('what a case past its deadline has started ends before the next case begins', async (t) => {
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', ((run: () => void, ms: number) =>
    setTimeout(run, ms >= 60_000 ? 0 : ms)) as never);
  const log: string[] = [];
  const stew = eachCase('stew', async ({ signal }) => {
    await once(signal, 'abort');
    for (let index = 0; index < 5; index++) await turn();
    log.push('the stove is off');
    throw new Error('burnt');
  });
  const soup = eachCase('soup', async () => (log.push('soup'), { timeMs: 4 }));
  const { rows } = await run(planOf([stew, soup], { repeats: 1 }));
  assert.deepEqual(log, ['the stove is off', 'soup']);
  const error = 'nothing came within 60 s, where some 0 s were expected';
  assert.deepEqual(rows[0], { section: 'Dishes', name: 'stew', error });
});

test('an abort ends the run with its reason, not with a failed row, even in the last turn', async () => {
  const stop = new AbortController();
  const soup = eachCase('soup', async () => {
    stop.abort(new Error('interrupted'));
    throw new Error('the process was ended');
  });
  const plan = planOf([soup], { repeats: 1 });
  await assert.rejects(runPlan('kitchen', plan, { size: 'default', signal: stop.signal }), /interrupted/);
});

test('what cases share is made once and disposed once, after the last turn', async () => {
  const log: string[] = [];
  const make = async () => {
    log.push('made');
    return { [Symbol.asyncDispose]: async () => void log.push('disposed') };
  };
  const using = (name: string) =>
    eachCase(name, async ({ shared }) => {
      await shared('oven', make);
      log.push(name);
      return { timeMs: 1 };
    });
  await run(planOf([using('soup'), using('fish')], { repeats: 1 }));
  assert.deepEqual(log, ['made', 'soup', 'fish', 'disposed']);
});

test('what cases share and has died is made again, for the cases that follow', async () => {
  const log: string[] = [];
  let ovens = 0;
  const make = async () => {
    ovens += 1;
    const number = ovens;
    return {
      number,
      hasEnded: () => number === 1 && log.includes('oven 1 burns'),
      [Symbol.asyncDispose]: async () => void log.push(`oven ${number} disposed`),
    };
  };
  const using = (name: string) =>
    eachCase(name, async ({ shared }) => {
      const oven = await shared('oven', make);
      log.push(`${name} in ${oven.number}`);
      if (name === 'fish') {
        log.push('oven 1 burns');
        throw new Error('burnt');
      }
      return { timeMs: 1 };
    });
  const { rows } = await run(
    planOf([using('soup'), using('fish'), using('cake'), using('bread')], { repeats: 1 }),
  );
  assert.deepEqual(log, [
    'soup in 1',
    'fish in 1',
    'oven 1 burns',
    'cake in 2',
    'bread in 2',
    'oven 2 disposed',
    'oven 1 disposed',
  ]);
  assert.deepEqual(
    rows.map((row) => isFailed(row)),
    [false, true, false, false],
  );
});

test('a ratio pairs the medians of the same turn', async () => {
  const minutes = [1, 10, 4];
  const paced = (name: string, factor: number) => {
    let turn = 0;
    return eachCase(name, async () => {
      const pace = factor * minutes[turn++]!;
      return { timeMs: [0.5, 1, 9].map((ms) => ms * pace) };
    });
  };
  const ratios = [{ figure: 'timeMs', baseline: 'soup', as: 'ratioToSoup' }];
  const { rows } = await run(planOf([paced('soup', 1), paced('roast', 3)], { ratios }));
  assert.deepEqual(new Rows(rows).spread('Dishes', 'roast', 'ratioToSoup'), {
    median: 3,
    mad: 0,
    samples: [3, 3, 3],
    trials: [3, 3, 3],
  });
});

test('a ratio is left out where its baseline failed', async () => {
  const ratios = [{ figure: 'timeMs', baseline: 'soup', as: 'ratioToSoup' }];
  const { rows } = await run(
    planOf(
      [
        eachCase('soup', () => Promise.reject(new Error('spilt'))),
        eachCase('roast', async () => ({ timeMs: 3 })),
      ],
      { ratios },
    ),
  );
  assert.deepEqual(Object.keys(figuresOf(rows[1])), ['timeMs']);
});

test('words that differ between turns are all shown', async () => {
  let turn = 0;
  const { rows } = await run(
    planOf([eachCase('soup', async (): Promise<Findings> => ({ taste: ++turn === 2 ? 'sour' : 'sweet' }))]),
  );
  assert.deepEqual(figuresOf(rows[0]), { taste: 'sweet or sour' });
});

test('rows let a sentence say "smaller" only when spreads are apart and trials enough', () => {
  const spread = (median: number, mad: number, count = 5) =>
    spreadOf([median, median - mad, median + mad, median - mad, median + mad].slice(0, count));
  const row = (name: string, timeMs: ReturnType<typeof spread>) => ({
    section: 'Dishes',
    name,
    figures: { timeMs },
  });
  const rows = new Rows([
    row('soup', spread(10, 1)),
    row('salad', spread(11, 1)),
    row('roast', spread(20, 1)),
    row('cake', spread(20, 0, 2)),
    { section: 'Dishes', name: 'burnt', error: 'burnt' },
  ]);
  const smaller = (less: string, more: string) => rows.smaller('Dishes', 'timeMs', less, more) !== undefined;
  assert.ok(smaller('soup', 'roast'));
  assert.ok(!smaller('roast', 'soup'));
  assert.ok(!smaller('soup', 'salad'), 'chance explains the difference');
  assert.ok(!smaller('soup', 'cake'), 'two trials are not enough');
  assert.ok(!smaller('soup', 'burnt'), 'a failed row proves nothing');
});
