// The page of a suite's run: what it says first, what it leaves out, and two runs beside each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesPage, runPage } from '../../bench/page.ts';
import { runFrom } from './read-run.ts';
import type { Plan } from '../../bench/suite.ts';
import { SAVED } from './saved-run.ts';

const plan = (closing: string[]): Plan => ({
  settings: { dishes: 2 },
  repeats: 3,
  sections: [
    {
      title: 'Dishes',
      note: 'on one stove',
      columns: {
        timeMs: { title: 'time', show: (value) => `${value} ms` },
        plates: { title: 'plates', alone: true },
        tastes: { title: 'tastes' },
        absent: { title: 'never measured' },
      },
      cases: [],
    },
  ],
  closing: () => closing,
});
const spread = (median: number, mad = 1) => ({
  median,
  mad,
  samples: [median - mad, median, median + mad],
  trials: [median - mad, median, median + mad],
});
const row = (name: string, rest: object) => ({ section: 'Dishes', name, ...rest });
const runWith = (...rows: object[]) => runFrom(JSON.stringify({ ...SAVED, rows }));
/** The text between two tags, without the white space of the markup. */
const inside = (page: string, tag: string) =>
  [...page.matchAll(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text!.trim());

test('the sentences that are true come first; where none is, it says so', () => {
  const run = runWith(row('soup', { timeMs: spread(10) }));
  assert.match(runPage(plan(['Soup is served.']), run), /<h1><span>Soup is served\.<\/span>/);
  assert.match(runPage(plan([]), run), /<h1><span>No conclusion: no difference in this run is beyond doubt/);
});

test('cases that failed are counted before anything else, and each says why', () => {
  const page = runPage(plan(['Soup is served.']), runWith(row('soup', {}), row('roast', { error: 'burnt' })));
  assert.match(page, /<h1><span>well: 1 of 2 cases failed\.<\/span> <span>Soup/);
  assert.match(page, /roast: burnt/);
});

test('every figure is in the table; bars are for numbers that are no minor ones', () => {
  const page = runPage(
    plan([]),
    runWith(row('bounded-pool, C = 2', { timeMs: spread(10), plates: spread(3), tastes: 'sweet' })),
  );
  assert.deepEqual(inside(page, 'h3'), ['time']);
  assert.deepEqual(inside(page, 'td'), ['10 ms ± 10 % (3)', '3', 'sweet']);
  assert.match(page, /<li class="bounded-pool">/);
  assert.doesNotMatch(page, /never measured/);
});

test('a note is that of the run, and not of the plan of today; an earlier run has none', () => {
  const saved = runWith(row('soup', { timeMs: spread(10) }));
  assert.doesNotMatch(runPage(plan([]), saved), /on one stove/);
  const noted = runFrom(JSON.stringify({ ...SAVED, notes: { Dishes: 'on two stoves' } }));
  const page = runPage(plan([]), noted);
  assert.match(page, />on two stoves</);
  assert.doesNotMatch(page, /on one stove/);
});

test('it tells how to make it again, of what size, and that the machine was busy', () => {
  const page = runPage(
    plan([]),
    runFrom(
      JSON.stringify({
        ...SAVED,
        settings: { size: 'quick', dishes: 2 },
        environment: { ...SAVED.environment, takenByOthers: 0.6 },
      }),
    ),
  );
  assert.match(page, />npm run bench -- well --quick</);
  assert.match(page, /size of the run: quick; dishes: 2/);
  assert.match(page, /The machine was busy: others took 60 % of its cores/);
});

test('two runs: how many figures differ beyond doubt, and what is said of each', () => {
  const a = runWith(row('soup', { timeMs: spread(10), tastes: 'sweet' }), row('roast', { error: 'burnt' }));
  const b = runWith(
    row('soup', { timeMs: spread(30), tastes: 'sweet' }),
    row('roast', { timeMs: spread(1) }),
  );
  const page = differencesPage([a, b], ['old.json', 'new.json'], () => undefined);
  assert.match(
    page,
    /well: 1 of 2 figures differs beyond doubt between old\.json and new\.json; most of all time of soup: 3\.00×/,
  );
  assert.equal(
    inside(page, 'td').join(' | '),
    'time | 10.0 ms | 30.0 ms | 3.00× (2.64× to 3.44×) | tastes | sweet | sweet | the same |  | failed | measured | cannot be compared',
  );
});
