// The plan of each suite keeps what the list promises, and names its packages and its own options. A quick run has all rows of its
// plan. What this machine has no room for is left out, with the reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node } from '../../bench/article/node.ts';
import { planOf } from '../../bench/command.ts';
import { isFailed, isMeasured } from '../../bench/rows.ts';
import { runPlan } from '../../bench/run.ts';
import { LeftOut, takesMs, type Plan } from '../../bench/suite.ts';
import { SUITES } from '../../bench/suites.ts';
import { runFrom } from './read-run.ts';
import { SAVED } from './saved-run.ts';

for (const suite of SUITES) {
  const [quick, planned] = [suite.plan('quick'), suite.plan('default')];

  test(`${suite.name} takes at most 3 minutes, and 25 s with --quick`, () => {
    assert.ok(takesMs(planned) <= 180_000, `${takesMs(planned)} ms`);
    assert.ok(takesMs(quick) <= 25_000, `${takesMs(quick)} ms`);
  });

  test(`${suite.name} names every section and row once, and sets rows beside rows that exist`, () => {
    for (const { sections } of [quick, planned]) {
      const titles = sections.map(({ title }) => title);
      assert.equal(new Set(titles).size, titles.length);
      for (const { cases, columns, ratios = [] } of sections) {
        const names = cases.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        for (const { baseline, as } of ratios) {
          assert.ok(names.includes(baseline), baseline);
          assert.ok(as in columns, as);
        }
      }
    }
  });

  test(`${suite.name} has the same sections under --quick`, () => {
    const titlesOf = ({ sections }: Plan) => sections.map(({ title }) => title);
    assert.deepEqual(titlesOf(quick), titlesOf(planned));
  });
}

test('every suite names the packages that it loads beside the four of the workbench', () => {
  const named = Object.fromEntries(SUITES.map((suite) => [suite.name, suite.plan('quick').packages ?? []]));
  assert.deepEqual(named['payload'], ['tinypool', 'workerpool']);
  assert.deepEqual(named['mock'], ['@hono/node-server', 'hono']);
  for (const name of ['async', 'p-map', 'p-limit', 'p-queue', 'fastq', 'es-toolkit', 'effect']) {
    assert.ok(named['pools']!.includes(name), name);
  }
});

test('no suite takes a name that every suite has, or a setting of its own plan', () => {
  const shared = ['--quick', '--full', '--json', '--save', '--html', '--force', '--help'];
  for (const suite of SUITES) {
    for (const { flags, setting } of suite.options ?? []) {
      assert.ok(!shared.includes(flags.split(' ')[0]!), `${suite.name} ${flags}`);
      assert.ok(!Object.hasOwn(suite.plan('default').settings, setting), `${suite.name} ${setting}`);
    }
  }
});

// The first and the last case of a section: all others are run by pools.test.ts and fairness.test.ts.
test(
  'a quick run has a row for each case, and every figure of its columns',
  { concurrency: false },
  async () => {
    const cheap: Readonly<Record<string, string>> = {
      pools: 'What each does',
      payload: 'An empty task',
      pitfalls: 'A blocking sleep',
    };
    for (const [name, title] of Object.entries(cheap)) {
      const plan = SUITES.find((suite) => suite.name === name)!.plan('quick');
      const sections = plan.sections
        .filter((section) => section.title === title)
        .map((section) => ({ ...section, cases: [section.cases[0]!, section.cases.at(-1)!] }));
      const { rows } = await runPlan(
        name,
        { ...plan, sections },
        { size: 'quick', signal: new AbortController().signal },
      );
      const [section] = sections;
      assert.deepEqual(
        rows.map((row) => row.name),
        section!.cases.map((each) => each.name),
      );
      for (const row of rows) {
        assert.ok(isMeasured(row), isFailed(row) ? `${row.name}: ${row.error}` : '');
        const shown = Object.keys(section!.columns).filter((figure) => figure in row.figures);
        assert.ok(shown.length > 0);
        for (const figure of Object.keys(row.figures)) assert.ok(figure in section!.columns, figure);
      }
    }
  },
);

test('cpu measures threads that get one task in a message', async () => {
  const plan = SUITES.find((suite) => suite.name === 'cpu')!.plan('quick');
  // Tasks of a millisecond. Those of the first section are so short that their messages would take most of the time.
  const [, section] = plan.sections;
  const cases = section!.cases.filter(({ name }) => name === 'worker-threads, 2');
  const { rows } = await runPlan(
    'cpu',
    { ...plan, sections: [{ ...section!, cases }] },
    { size: 'quick', signal: new AbortController().signal },
  );
  assert.deepEqual(
    rows.map((row) => (isFailed(row) ? row.error : row.name)),
    ['worker-threads, 2'],
  );
});

test('a saved run is judged by the cores and the system of its own machine', () => {
  const article = SUITES.find((suite) => suite.name === 'article')!;
  for (const [platform, processes] of [
    ['linux x64', 'multiprocessing, 64'],
    ['win32 x64', 'multiprocessing, 61'],
  ] as const) {
    const environment = { ...SAVED.environment, cores: 64, platform };
    const saved = runFrom(JSON.stringify({ ...SAVED, suite: 'article', environment }));
    const names = planOf(article, saved).sections.flatMap(({ cases }) => cases.map(({ name }) => name));
    assert.deepEqual(
      names.filter((name) => /\b6[14]$/.test(name)),
      ['threads, 64', processes, 'worker-threads, 64', 'processes, 64'],
    );
  }
});

test('threads of Node that the memory has no room for are left out, all for the same reason', async () => {
  const context = {
    signal: new AbortController().signal,
    shared: () => Promise.reject(new Error('it has room, and asks for an API')),
  };
  const outcomes = (freeBytes: number) => {
    const { waiting } = node({ atOnce: [], threads: [10, 30, 100], warmup: 1, costMs: 1, freeBytes });
    const threads = waiting.filter(({ manner }) => manner === 'in threads');
    return Promise.all(threads.map((way) => way.send(1, context).catch((error: unknown) => error)));
  };
  const [ten, thirty, hundred] = await outcomes(2 ** 30);
  assert.ok(!(ten instanceof LeftOut));
  for (const left of [thirty, hundred]) {
    assert.ok(left instanceof LeftOut);
    assert.equal(
      left.message,
      'too many threads: half of the free memory is 0.5 GiB, a thread takes some 18 MiB',
    );
  }
  const unknown = await outcomes(0);
  assert.ok(!unknown.some((outcome) => outcome instanceof LeftOut), 'where the system does not tell');
});
