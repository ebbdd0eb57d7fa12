// Other runtimes: how they are named and found, what their rows have, and what one that is missing or broken does to the run.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { ask } from '../../../bench/article/foreign.ts';
import { AMOUNTS } from '../../../bench/article/runtimes/cases.ts';
import { NODE } from '../../../bench/article/runtimes/clients.ts';
import { findRuntimes, isHere, type RuntimeHere } from '../../../bench/article/runtimes/find.ts';
import { RUNTIME_NAMES } from '../../../bench/article/runtimes/kinds.ts';
import { TITLE } from '../../../bench/article/runtimes/names.ts';
import { askedRuntimes, RUNTIME_OPTION } from '../../../bench/article/runtimes/option.ts';
import { runtimesPart } from '../../../bench/article/runtimes/part.ts';
import { article } from '../../../bench/article/suite.ts';
import { LeftOut } from '../../../bench/suite.ts';
import { SETTING_WORDS } from '../../../bench/settings.ts';
import { addOwnOptions } from '../../../bench/own-options.ts';
import { isFailed, isLeftOut, isMeasured, Rows, type Row } from '../../../bench/rows.ts';
import { runPlan } from '../../../bench/run.ts';
import { command } from '../../../src/command-line.ts';
import { livingChildren } from '../../../src/child.ts';
import { until } from '../../turns.ts';
import { fakeRuntime } from './fakes.ts';
import { runtimesHere } from './found-here.ts';

const never = new AbortController().signal;
/** More requests than a pool sends at once, and as few as that takes. */
const FEW = { warmup: 10, oneByOne: 1, requests: 60, tasks: 2, computingRepeats: 1 };
/** The fakes are shell scripts. */
const skip = process.platform === 'win32';

const somebodyRuns = () => until(() => livingChildren().size > 0);

/** Lets each timer of at least `ms` ring as soon as a runtime runs. */
function ringEarly(t: TestContext, ms: number): void {
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', ((ring: () => void, after: number) =>
    after >= ms ? void somebodyRuns().then(ring) : setTimeout(ring, after)) as never);
}

/** What was killed has ended a moment later. */
const nobodyIsLeft = () => until(() => livingChildren().size === 0);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'async-workbench-runtimes-'));
});
after(() => rm(folder, { recursive: true }));

describe('--runtime', () => {
  const read = (text: string) => {
    const one = command('article', '');
    addOwnOptions(one, { options: [RUNTIME_OPTION] });
    return one.parse(['--runtime', text], { from: 'user' }).opts()['runtime'] as string[];
  };

  test('takes names and paths', async () => {
    const path = join(folder, 'bun-canary');
    await writeFile(path, '');
    assert.deepEqual(read('deno, bun'), ['deno', 'bun']);
    assert.deepEqual(read(`${path},deno`), [path, 'deno']);
    assert.deepEqual(askedRuntimes([path, 'deno']), [{ name: 'bun', path }, { name: 'deno' }]);
    assert.deepEqual(askedRuntimes('bun'), [{ name: 'bun' }]);
    assert.deepEqual(askedRuntimes(undefined), []);
  });

  test('refuses everything else, with what it expected', async () => {
    const lobster = join(folder, 'lobster');
    await writeFile(lobster, '');
    const refusals: ReadonlyArray<readonly [text: string, message: RegExp]> = [
      ['node', /Expected deno, bun or the path of one of them, got "node"\.$/],
      ['', /got ""\.$/],
      ['deno,', /got ""\.$/],
      ['Bun', /got "Bun"\.$/],
      [lobster, /Expected deno, bun or the path of one of them, got ".*lobster"\.$/],
      [join(folder, 'bun-absent'), /Expected the path of a program, got ".*bun-absent", which is no file\.$/],
      [folder, /Expected the path of a program/],
      [
        'bun,deno,bun',
        /Expected each runtime once, got bun twice; to compare two versions, save a run of each\.$/,
      ],
    ];
    for (const [text, message] of refusals) {
      assert.throws(() => read(text), { code: 'commander.invalidArgument', message }, text);
    }
  });

  test('a saved run with an unknown runtime asks for none', () => {
    assert.deepEqual(askedRuntimes(['lobster', 7, true]), []);
  });
});

describe('finding', { skip }, () => {
  const reasons = (found: readonly RuntimeHere[]) =>
    found.map((one) => (isHere(one) ? one.version : `${one.reason.name}: ${one.reason.message}`));

  test('looks through the folders of PATH, and asks for the version', async () => {
    const [empty, full] = [join(folder, 'empty'), join(folder, 'with blanks')];
    await mkdir(join(empty, 'deno'), { recursive: true }); // a folder of that name is no program
    await mkdir(full);
    await writeFile(join(empty, 'bun'), 'no program either');
    const deno = await fakeRuntime(full, 'deno', { version: '2.0.0' });
    const bun = await fakeRuntime(full, 'bun', { version: '1.0.0' });
    const found = await findRuntimes([{ name: 'bun' }, { name: 'deno' }], never, [empty, full]);
    assert.deepEqual(found, [
      { name: 'bun', path: bun, version: '1.0.0' },
      { name: 'deno', path: deno, version: '2.0.0' },
    ]);
  });

  test('names one command that installs all missing ones, and keeps those that are there', async () => {
    const here = join(folder, 'half');
    await mkdir(here);
    await fakeRuntime(here, 'deno');
    const asked = RUNTIME_NAMES.map((name) => ({ name }));
    assert.deepEqual(reasons(await findRuntimes(asked, never, [here])), [
      '9.8.7',
      'LeftOut: bun is not on PATH; type: npm install --no-save deno bun',
    ]);
    const [one, other] = (await findRuntimes(asked, never, [])) as [RuntimeHere, RuntimeHere];
    assert.equal(
      reasons([one])[0],
      'LeftOut: deno and bun are not on PATH; type: npm install --no-save deno bun',
    );
    assert.ok(!isHere(one) && !isHere(other) && one.reason === other.reason);
  });

  test('another program, one that crashes, and a file that is no program are errors, and not left out', async () => {
    const elsewhere = await mkdtemp(join(folder, 'broken-'));
    const notes = join(elsewhere, 'bun-notes');
    await writeFile(notes, 'no program');
    const paths = [await fakeRuntime(elsewhere, 'bun-like', { name: 'deno' }), notes];
    const found = await Promise.all(paths.map((path) => findRuntimes([{ name: 'bun', path }], never)));
    const [like, none] = reasons(found.flat());
    assert.equal(like, 'Error: expected Bun, got a program that does not tell its version of Bun');
    assert.match(none!, /^ForeignError: Bun: the process could not be started: .* EACCES$/);
  });

  test('one that hangs is given up, and Ctrl-C ends the search', async (t) => {
    const path = await fakeRuntime(folder, 'bun-that-hangs', { name: 'bun', manners: 'hangs at once' });
    const stop = new AbortController();
    const search = findRuntimes([{ name: 'bun', path }], stop.signal);
    await somebodyRuns();
    stop.abort(new Error('interrupted'));
    await assert.rejects(search, /interrupted/);
    await nobodyIsLeft();
    ringEarly(t, 20_000);
    const found = await findRuntimes([{ name: 'bun', path }], never);
    assert.match(reasons(found)[0]!, /^DeadlineError: nothing came within 20 s/);
    await nobodyIsLeft();
  });
});

describe('the rows', { skip }, () => {
  /** The rows of the cases whose names `wanted` accepts. */
  async function rowsOf(here: readonly RuntimeHere[], wanted: RegExp): Promise<readonly Row[]> {
    const part = runtimesPart(
      here.map(({ name }) => name),
      FEW,
      here,
    );
    const sections = part.sections.map((section) => ({
      ...section,
      cases: section.cases.filter(({ name }) => wanted.test(name)),
    }));
    const { rows } = await runPlan(
      'article',
      { ...part, sections, repeats: 1, versions: part.versions },
      { size: 'quick', signal: never },
    );
    return rows;
  }
  const errorsOf = (rows: readonly Row[]) =>
    rows.map((row) => (isFailed(row) ? row.error : `no failure: ${JSON.stringify(row)}`));

  test('of a runtime and of Node beside it have time, CPU, memory, and what the API saw', async () => {
    const path = await fakeRuntime(folder, 'bun-well', { name: 'bun' });
    const rows = await rowsOf(
      await findRuntimes([{ name: 'bun', path }], never),
      /^Bun: (?:bounded-pool|computing, Workers)|^Node with undici: promise-all$/,
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['Node with undici: promise-all', 'Bun: bounded-pool, C = 50', 'Bun: computing, Workers'],
    );
    for (const row of rows) {
      assert.ok(isMeasured(row), JSON.stringify(row));
      const { inputs, peakInFlight } = row.figures;
      const figures = Object.keys(row.figures).filter(
        (name) => process.platform === 'linux' || name !== 'peakMiB',
      );
      const isSending = !row.name.includes('computing');
      const all = [
        'inputs',
        'msPerInput',
        'cpuMsPerInput',
        'peakMiB',
        ...(isSending ? ['ofLimit', 'peakInFlight'] : []),
      ];
      assert.deepEqual(figures, all, row.name);
      if (row.name.endsWith('C = 50')) assert.deepEqual([peakInFlight, inputs].map(middle), [50, 60]);
    }
  });

  const middle = (figure: unknown) => (figure as { readonly median: number }).median;

  test('of one that dies, prints rubbish or hangs say so, and the rest runs', async (t) => {
    const here = (path: string): RuntimeHere => ({ name: 'bun', path, version: '9.8.7' });
    const one = /^Bun: computing, sequential$|^Node: computing, sequential$/;
    const dies = await fakeRuntime(folder, 'bun-dies', { name: 'bun', manners: 'dies' });
    const [node, died] = await rowsOf([here(dies)], one);
    assert.ok(isMeasured(node!), JSON.stringify(node));
    assert.deepEqual(errorsOf([died!]), [
      'Bun: the process ended with exit code 1: error: Uncaught (in promise) TypeError: fetch is no function',
    ]);
    const only = /^Bun: computing, sequential$/;
    const rubbish = await fakeRuntime(folder, 'bun-rubbish', { name: 'bun', manners: 'prints rubbish' });
    assert.deepEqual(errorsOf(await rowsOf([here(rubbish)], only)), [
      'Bun: expected an answer in JSON, got "Welcome to Deno"',
    ]);
    const hangs = await fakeRuntime(folder, 'bun-hangs', { name: 'bun', manners: 'hangs' });
    // Only the deadline of a case is as long as a minute.
    ringEarly(t, 60_000);
    assert.match(errorsOf(await rowsOf([here(hangs)], only))[0]!, /^nothing came within \d+ s/);
    await nobodyIsLeft();
  });

  test('of a missing runtime are one row, which is left out and is no failure', async () => {
    const rows = await rowsOf(
      await findRuntimes([{ name: 'deno' }, { name: 'bun' }], never, []),
      /^(?:Deno|Bun)/,
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['Deno', 'Bun'],
    );
    assert.ok(rows.every(isLeftOut));
  });
});

test('nothing is added or said if no runtime was asked for', () => {
  const part = runtimesPart([], AMOUNTS.default);
  assert.deepEqual([part.settings, part.versions, part.sections], [{}, {}, []]);
  assert.deepEqual(part.closing(new Rows([])), []);
});

test('the part has each row once, with names that leave room for the figures, and settings in words', () => {
  const here = RUNTIME_NAMES.map((name) => ({ name, path: name, version: '9.8.7' }));
  const { settings, versions, sections } = runtimesPart(RUNTIME_NAMES, AMOUNTS.default, here);
  const names = sections.flatMap(({ cases }) => cases.map(({ name }) => name));
  assert.equal(new Set(names).size, names.length);
  assert.equal(names.length, 9 + 6 * RUNTIME_NAMES.length);
  for (const name of names) assert.ok(name.length <= 38, name);
  for (const name of Object.keys(settings)) assert.ok(Object.hasOwn(SETTING_WORDS, name), name);
  assert.deepEqual(versions, { Deno: '9.8.7', Bun: '9.8.7' });
});

test('computing gets as many turns in the other runtimes as in the tables of the article', () => {
  for (const [size, turns] of [
    ['quick', 1],
    ['default', 5],
    ['full', 5],
  ] as const) {
    const { sections } = article.plan(size, { runtimes: ['bun'] });
    const computing = sections.flatMap(({ title, cases }) =>
      cases.filter(({ name }) => `${title}: ${name}`.includes(': computing')).map(({ repeats }) => repeats),
    );
    assert.ok(computing.length > 3, 'of the article, and of the runtimes');
    assert.deepEqual(new Set(computing), new Set([turns]), size);
  }
});

test('a saved run is shown with its own settings, and nobody looks for a runtime', () => {
  const plan = article.plan('quick', { runtimes: ['bun', '<b>', 'bun'] });
  assert.deepEqual(plan.settings['runtimes'], ['bun']);
  assert.ok(plan.sections.some(({ title }) => title === TITLE));
  assert.ok(!article.plan('quick').sections.some(({ title }) => title === TITLE));
});

test('each thread that prices orders has computed thousands of them before the clock starts', async () => {
  const program = NODE[0]!.program('./price.ts');
  const counting = ['--import', new URL('./count-steps.mjs', import.meta.url).href];
  const settings = { approach: 'worker-threads', tasks: 1, rounds: 1, workers: 1 };
  const { stderr } = await ask({ ...program, args: [...counting, ...program.args] }, settings, never);
  const told = [...stderr.matchAll(/^(\w+): (\d+) steps$/gm)];
  assert.deepEqual(new Set(told.map(([, who]) => who)), new Set(['main', 'worker']), stderr);
  // Without the calls for V8 they are some hundred.
  for (const [line, , steps] of told) assert.ok(Number(steps) > 1_000_000, line);
});

describe('the real ones', () => {
  // All at once: so the reason to skip a test names the one command that installs all that are missing.
  let found: Awaited<ReturnType<typeof runtimesHere>> = [];
  before(async () => {
    found = await runtimesHere(RUNTIME_NAMES);
  });
  for (const [index, name] of RUNTIME_NAMES.entries()) {
    test(`${name} runs our approaches unchanged, and writes nothing into the home of the user`, async (t) => {
      const here = found[index]!;
      if (here instanceof LeftOut) return t.skip(here.message);
      const home = await mkdtemp(join(folder, 'home-'));
      const { HOME } = process.env;
      process.env['HOME'] = home;
      t.after(() => {
        if (HOME === undefined) delete process.env['HOME'];
        else process.env['HOME'] = HOME;
      });
      const part = runtimesPart([name], FEW, [here]);
      const sections = part.sections.map((section) => ({
        ...section,
        cases: section.cases.filter(({ name }) => /^(?!Node).*(?:C = 50|: promise-all|Workers)$/.test(name)),
      }));
      const { rows } = await runPlan(
        'article',
        { ...part, sections, repeats: 1 },
        { size: 'quick', signal: never },
      );
      assert.equal(rows.length, 3);
      for (const row of rows) assert.ok(isMeasured(row), JSON.stringify(row));
      assert.deepEqual(await readdir(home), []);
      return undefined;
    });
  }
});
