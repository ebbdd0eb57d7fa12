// A run in a terminal: whatever a suite measures fits 80 columns, and a run without a conclusion says why.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { narrowTable } from '../../bench/narrow-table.ts';
import { runPage } from '../../bench/page.ts';
import { closingOf, type SuiteRun } from '../../bench/run.ts';
import { SETTING_WORDS } from '../../bench/settings.ts';
import type { Plan, Size } from '../../bench/suite.ts';
import { SUITES } from '../../bench/suites.ts';
import { listText, runText, tookText } from '../../bench/text.ts';
import { spreadOf } from '../../src/measure/statistics.ts';
import { plain } from '../../src/report/paint.ts';
import { SAVED } from './saved-run.ts';

const SIZES: readonly Size[] = ['quick', 'default', 'full'];
const assertFits = (lines: readonly string[]) => {
  for (const line of lines) assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
};
const samples = (value: number) => Array<number>(2500).fill(value);
const wide = { median: 123_456.789, mad: 98_765.4, samples: samples(123_456.789), trials: samples(1) };

/** A run in which every column has a figure, and a wide one. */
function runOf(plan: Plan, size: Size): SuiteRun {
  return {
    suite: 'kitchen',
    environment: SAVED.environment,
    settings: { size, repeats: plan.repeats, ...plan.settings },
    rows: plan.sections.flatMap(({ title, cases, columns }) =>
      cases.map(({ name }) => ({
        section: title,
        name,
        figures: Object.fromEntries(
          Object.entries(columns).map(([figure, { show }]) => [
            figure,
            show ? wide : 'never settles, uncaught',
          ]),
        ),
      })),
    ),
  };
}

describe('what a terminal shows', () => {
  for (const suite of SUITES) {
    test(`of ${suite.name} fits 80 columns, with every column of every section`, () => {
      const plan = { ...suite.plan('default'), closing: () => [] };
      const lines = runText(plan, runOf(plan, 'default'), plain);
      assertFits([...lines, tookText(7_200_000, plan)]);
      for (const { columns } of plan.sections) {
        for (const { title } of Object.values(columns)) {
          assert.ok(
            lines.some((line) => line.includes(title)),
            title,
          );
        }
      }
    });

    test(`of the settings of ${suite.name} is words, each of them another one`, () => {
      for (const size of SIZES) {
        const names = [...new Set(['size', 'repeats', ...Object.keys(suite.plan(size).settings)])];
        for (const name of names) assert.ok(Object.hasOwn(SETTING_WORDS, name), name);
        assert.equal(new Set(names.map((name) => SETTING_WORDS[name])).size, names.length);
      }
    });

    test(`of the columns of ${suite.name} has no two with the same title`, () => {
      for (const { title, columns } of suite.plan('default').sections) {
        const titles = Object.values(columns).map((column) => column.title);
        assert.equal(new Set(titles).size, titles.length, title);
      }
    });
  }

  test('of the list fits 80 columns', () => assertFits(listText(SUITES, plain)));
});

describe('a narrow table', () => {
  const header = ['', 'soup', 'salad', 'roast'].map((title) => ({ title }));

  test('is one table where everything fits', () => {
    assert.deepEqual(narrowTable(header, [['Ada', '1', '2', '3']], plain), [
      '     soup  salad  roast',
      'Ada  1     2      3',
    ]);
  });

  test('is split into tables with the same rows where columns do not fit, and loses no cell', () => {
    const long = (letter: string) => letter.repeat(30);
    const lines = narrowTable(header, [['Ada', long('a'), long('b'), long('c')]], plain);
    assert.deepEqual(lines, [
      `     soup${' '.repeat(28)}salad`,
      `Ada  ${long('a')}  ${long('b')}`,
      '',
      '     roast',
      `Ada  ${long('c')}`,
    ]);
  });

  test('becomes a list where a name and a figure are too wide together', () => {
    const lines = narrowTable(
      header,
      [['Ada '.repeat(15).trim(), 'well done '.repeat(12).trim(), '2', '3']],
      plain,
    );
    assertFits(lines);
    const text = lines.join(' ').replaceAll(/\s+/g, ' ');
    assert.ok(text.includes(`soup: ${'well done '.repeat(12)}`) && text.includes('salad: 2 roast: 3'));
  });
});

test('why a case failed fits 80 columns, however much there is to say', () => {
  const plan: Plan = { ...SUITES[0]!.plan('quick'), claims: () => [], closing: () => [] };
  const { title, cases } = plan.sections[0]!;
  const error = 'the oven is cold, and nobody knows who let it go out; '.repeat(3);
  const rows = [{ section: title, name: cases[0]!.name, error }];
  const text = runText(plan, { ...runOf(plan, 'quick'), rows }, plain);
  assertFits(text);
  assert.ok(text.join(' ').includes(`${cases[0]!.name}: failed: ${error.trim()}`));
});

describe('what cannot run on this machine', () => {
  const section = (title: string) => ({
    title,
    columns: { timeMs: { title: 'time', show: String } },
    cases: [],
  });
  const plan: Plan = {
    settings: {},
    repeats: 1,
    sections: [section('Spain'), section('Italy'), section('Nowhere')],
    closing: () => [],
  };
  const leftOut = (section: string, name: string, reason: string) => ({ section, name, leftOut: reason });
  const rows = [
    leftOut('Spain', 'paella', 'no rice; type: buy rice'),
    leftOut('Italy', 'risotto', 'no rice; type: buy rice'),
    leftOut('Italy', 'tiramisu', 'no\nspoon'),
    { section: 'Italy', name: 'pasta', figures: { timeMs: spreadOf([4]) } },
  ];
  const run: SuiteRun = { suite: 'kitchen', environment: SAVED.environment, settings: {}, rows };

  test('is said once for each reason, above the tables, which have only what ran', () => {
    const text = runText(plan, run, plain);
    assert.deepEqual(
      text.filter((line) => line.startsWith('Left out')),
      ['Left out, 2 cases: no rice; type: buy rice', 'Left out, 1 case: no spoon'],
    );
    assert.ok(text.includes('Italy') && !text.includes('Spain') && !text.includes('Nowhere'));
    assert.ok(text.some((line) => line.startsWith('pasta ')));
    assert.ok(!text.some((line) => line.startsWith('risotto')));
  });

  test('is said on the page, too', () => {
    const page = runPage(plan, run);
    assert.match(page, /<p class="doubt">Left out, 2 cases: no rice; type: buy rice<\/p>/);
    assert.doesNotMatch(page, /<h2>Spain/);
  });

  test('claims stand above the tables, on the page and in a terminal; each has its reason, and the words of the article come once', () => {
    const claims = [
      { claim: 'it is hot', article: 'it burns', measured: '20 °C', verdict: 'differs', because: 'it cools' },
      {
        claim: 'it stays hot',
        article: 'it burns',
        measured: '',
        verdict: 'not measured here',
        because: 'eaten',
      },
    ] as const;
    const judged: Plan = { ...plan, claims: () => [...claims] };
    const text = runText(judged, run, plain);
    const [title, table] = [text.indexOf('≠ differs: it is hot'), text.indexOf('Italy')];
    assert.ok(title > 0 && title < table, text.join('\n'));
    assert.deepEqual(text.slice(title + 1, title + 6), [
      '    article  it burns',
      '    here     20 °C',
      '    because  it cools',
      '– not measured here: it stays hot',
      '    because  eaten',
    ]);
    assert.match(runPage(judged, run), /<h2>The article’s claims, in this run<\/h2>/);
    assert.doesNotMatch(runPage(plan, run), /claims, in this run/);
  });
});

describe('a run without a conclusion', () => {
  const closing = (size: Size, repeats: number, sentences: string[] = []) => {
    const plan = { ...SUITES[0]!.plan(size), repeats, closing: () => sentences };
    return closingOf(plan, runOf(plan, size));
  };

  test('says that one turn is too few, and what to leave out', () => {
    assert.deepEqual(closing('quick', 1), ['1 turn of each case: leave out --quick for conclusions.']);
    assert.deepEqual(closing('quick', 2), ['2 turns of each case: leave out --quick for conclusions.']);
  });

  test('says that there was no doubtless difference where there were samples enough', () => {
    assert.deepEqual(closing('default', 3), ['No conclusion: no difference in this run is beyond doubt.']);
    assert.deepEqual(closing('default', 3, ['Soup is served.']), ['Soup is served.']);
  });

  test('says nothing of the kind where every case failed: the rows say it', () => {
    const plan = { ...SUITES[0]!.plan('quick'), closing: () => [] };
    const rows = [{ section: 'Dishes', name: 'soup', error: 'burnt' }];
    assert.deepEqual(closingOf(plan, { ...runOf(plan, 'quick'), rows }), []);
  });
});

test('every suite has turns enough for conclusions unless it was asked to be quick', () => {
  for (const suite of SUITES) assert.ok(suite.plan('default').repeats >= 3, suite.name);
});
