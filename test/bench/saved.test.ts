// Saved runs: what is taken for one, which two may be compared, and what the comparison says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf } from '../../bench/saved.ts';
import { changes, columnsOf, differenceInKind, sideBySide } from '../../bench/side-by-side.ts';
import { runFrom } from './read-run.ts';
import { printable } from '../../src/printable.ts';
import { plain } from '../../src/report/paint.ts';
import { SAVED } from './saved-run.ts';

const runWith = (change: object = {}) => runFrom(JSON.stringify({ ...SAVED, ...change }));
const row = (name: string, rest: object) => ({ section: 'Dishes', name, ...rest });
const spread = (median: number, mad = median * 0.07, samples = [median - mad, median, median + mad]) => ({
  median,
  mad,
  samples,
  trials: samples,
});

test('a run survives being saved and read', () => {
  const odd = [row('roast', { error: 'burnt' }), row('paella', { leftOut: 'no rice' })];
  const rows = [...SAVED.rows, ...odd, row('cake', { taste: 'sweet' })];
  const notes = { Dishes: 'on one stove' };
  for (const saved of [
    { ...SAVED, rows },
    { ...SAVED, rows, notes },
  ]) {
    assert.deepEqual(JSON.parse([...jsonOf(runWith(saved), {})].join('')), saved);
  }
});

test('the verdicts on claims stand in the document, and are made anew when it is read', () => {
  const claims = [{ claim: 'c', article: 'a', measured: 'm', verdict: 'holds', because: '' }] as const;
  const text = [...jsonOf(runWith(), { claims: () => [...claims] })].join('');
  assert.deepEqual(JSON.parse(text), { ...SAVED, claims });
  assert.deepEqual(runFrom(text), runWith());
});

test('anything else is refused with what was expected', () => {
  const refusals: ReadonlyArray<readonly [text: string, message: string]> = [
    ['dinner is served', 'expected JSON, got something else: '],
    ['', 'expected JSON, got an empty file'],
    ['[]', 'document: expected an object, got []'],
    ['{}', 'document.suite: expected a text, got nothing'],
    ['{"comparisons":[]}', 'document.comparisons: expected a suite and no comparison (npm run report makes'],
    [
      JSON.stringify({ ...SAVED, environment: {} }),
      'document.environment.node: expected a text, got nothing',
    ],
    [
      JSON.stringify({ ...SAVED, environment: { ...SAVED.environment, packages: [] } }),
      'document.environment.packages: expected an object, got []',
    ],
    [JSON.stringify({ ...SAVED, settings: [] }), 'document.settings: expected an object, got []'],
    [JSON.stringify({ ...SAVED, rows: [] }), 'document.rows: expected a list that is not empty, got []'],
    [JSON.stringify({ ...SAVED, rows: [{ name: 'soup' }] }), 'document.rows[0].section: expected a text'],
    [
      JSON.stringify({ ...SAVED, rows: [row('soup', { timeMs: 4 })] }),
      'document.rows[0].timeMs: expected a text, or an object with median, mad and samples, got 4',
    ],
    [
      JSON.stringify({ ...SAVED, rows: [row('soup', { timeMs: spread(-5, 0) })] }),
      'document.rows[0].timeMs.median: expected a number from 0 up, got -5',
    ],
    [
      JSON.stringify({ ...SAVED, rows: [row('soup', { timeMs: { ...spread(5), median: 50 } })] }),
      'document.rows[0].timeMs.median: expected a number within the samples (4.65 to 5.35), got 50',
    ],
    [
      JSON.stringify({ ...SAVED, rows: [row('soup', {}), row('soup', {})] }),
      'document.rows[1]: expected another row than those before it, got "Dishes: soup"',
    ],
  ];
  for (const [text, message] of refusals) {
    assert.throws(
      () => runFrom(text),
      (error: Error) => {
        assert.equal(error.name, 'DocumentError');
        assert.equal(error.message.slice(0, message.length), message);
        return true;
      },
    );
  }
});

test('a byte order mark before the JSON is ignored', () => {
  assert.deepEqual(runFrom(`\uFEFF${JSON.stringify(SAVED)}`), runWith());
});

test('runs of two suites are no match; runs with other settings are, and it is said in what they differ', () => {
  assert.equal(differenceInKind(runWith(), runWith()), undefined);
  assert.equal(
    differenceInKind(runWith(), runWith({ suite: 'burnt' })),
    'expected two runs of one suite, got well and burnt; two suites have no figure in common',
  );
  const other = runWith({ settings: { dishes: [2, 3], requests: 1, concurrency: 20 } });
  assert.equal(differenceInKind(runWith(), other), undefined);
  assert.deepEqual(changes(runWith(), other), [
    { name: 'dishes', one: '2', other: '2, 3' },
    { name: 'requests', one: 'none', other: '1' },
    { name: 'concurrency', one: 'none', other: '20' },
  ]);
  const text = sideBySide(runWith(), other, ['A', 'B'], () => undefined, plain).join(' ');
  assert.ok(
    text.includes(
      'What was changed: dishes (2 in A, 2, 3 in B); requests (none in A, 1 in B); concurrency (none in A, 20 in B). The ratios include this change.',
    ),
    text,
  );
});

test('runs from another machine or of other versions are a match', () => {
  const environment = { ...SAVED.environment, cores: 64, packages: { msw: '4' } };
  assert.equal(differenceInKind(runWith(), runWith({ environment })), undefined);
});

test('rows that are missing, failed or said in words are shown as such', () => {
  const a = runWith({
    rows: [
      row('soup', { taste: 'sweet' }),
      row('roast', { error: 'burnt' }),
      row('paella', { leftOut: 'no rice' }),
      row('cake', {}),
    ],
  });
  const b = runWith({
    rows: [
      row('soup', { taste: 'sour' }),
      row('roast', { taste: 'salty' }),
      row('paella', { taste: 'salty' }),
      row('tea', {}),
    ],
  });
  const lines = sideBySide(a, b, ['A', 'B'], () => undefined, plain);
  const below = (name: string) => lines[lines.indexOf(name) + 1]!;
  assert.match(below('soup'), /taste +sweet +sour {2}differs$/);
  assert.match(below('roast'), /failed +measured {2}cannot be compared$/);
  assert.match(below('paella'), /left out +measured {2}cannot be compared$/);
  assert.match(below('cake'), /only in A$/);
  assert.match(below('tea'), /only in B$/);
});

test('nothing that a file holds reaches the terminal but letters and signs', () => {
  const hostile = 'soup\u001b[2J\u0007\u009b31m\u202e\u2028\r\n';
  const rows = [
    { section: hostile, name: hostile, timeMs: spread(10), [hostile]: hostile },
    { section: hostile, name: `${hostile}2`, error: hostile },
  ];
  const environment = {
    ...SAVED.environment,
    node: hostile,
    platform: hostile,
    cpu: hostile,
    packages: { [hostile]: hostile },
  };
  const run = runWith({ suite: hostile, environment, settings: { [hostile]: hostile }, rows });
  for (const line of sideBySide(run, run, [hostile, `b${hostile}`], () => undefined, plain))
    assert.equal(printable(line), line);
});

test('figures are called and shown as in the tables of the suite, and one it does not know in words', () => {
  const columnOf = columnsOf({
    sections: [
      {
        title: 'Dishes',
        columns: { timeMs: { title: 'time to table', show: (ms: number) => `${ms} min` } },
        cases: [],
      },
    ],
  });
  const at = (ms: number) =>
    runWith({ rows: [row('soup', { timeMs: spread(ms), platesPerGuestMs: spread(ms) })] });
  const lines = sideBySide(at(10), at(30), ['old.json', 'new.json'], columnOf, plain);
  assert.ok(
    lines.some((line) => /^ {2}time to table +10 min +30 min +3\.00×/.test(line)),
    lines.join('\n'),
  );
  assert.ok(
    lines.some((line) => /^ {2}plates per guest +10\.0 ms +30\.0 ms/.test(line)),
    lines.join('\n'),
  );
  assert.ok(lines.includes('A: old.json') && lines.includes('B: new.json'));
});

test('two runs have a finding: how many figures differ, and which most of all', () => {
  const finding = (before: object, after: object) => {
    const [a, b] = [runWith({ rows: [row('soup', before)] }), runWith({ rows: [row('soup', after)] })];
    return sideBySide(a, b, ['A', 'B'], () => undefined, plain)[0];
  };
  const one = { timeMs: spread(10), plates: spread(7) };
  assert.equal(
    finding(one, { ...one, timeMs: spread(30) }),
    'well: 1 of 2 figures differs beyond doubt between A and B; most of all time of',
  );
  assert.equal(finding(one, one), 'well: none of 2 figures differs beyond doubt between A and B.');
  assert.equal(
    finding({ timeMs: spread(10, 0, [10]) }, { timeMs: spread(30, 0, [30]) }),
    'well: too few trials to say anything of 1 figure. Leave out --quick.',
  );
});

test('every line fits a terminal, however wide the names and the figures are', () => {
  const wide = 'never settles, uncaught, and nobody was told of it';
  const rows = [row(wide, { [wide]: wide, time: spread(10) })];
  const other = [row(wide, { [wide]: `${wide}!`, time: spread(30) })];
  const lines = sideBySide(runWith({ rows }), runWith({ rows: other }), [wide, wide], () => undefined, plain);
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.ok(lines.join(' ').includes('3.00×'));
});

test('a minor figure is not what differs most of all, if another one differs too', () => {
  const columnOf = columnsOf({
    sections: [
      {
        title: 'Dishes',
        columns: { plates: { title: 'plates', alone: true }, timeMs: { title: 'time' } },
        cases: [],
      },
    ],
  });
  const at = (plates: number, ms: number) =>
    runWith({ rows: [row('soup', { plates: spread(plates), timeMs: spread(ms) })] });
  const finding = (one: ReturnType<typeof at>, other: ReturnType<typeof at>) =>
    sideBySide(one, other, ['A', 'B'], columnOf, plain).slice(0, 2).join(' ');
  assert.match(finding(at(1, 10), at(9, 20)), /most of all time of soup: 2\.00× in B/);
  assert.match(finding(at(1, 10), at(9, 10)), /most of all plates of soup: 9\.00× in B/);
});
