// The command line: the list, the JSON, saved runs, their comparison, exit codes. All lines that end by themselves are run one
// after the other in one process.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { REPORT_MARK } from '../../src/report/html/page.ts';
import { run, runLines, type Ending } from '../processes.ts';
import { SAVED } from './saved-run.ts';

const SUITES = 'test/bench/suites-for-tests.ts';

/** The command lines, by what they show. Those that need a file that another one leaves come after it. */
const linesIn = (file: (name: string) => string) =>
  ({
    list: [],
    json: ['well', '--json'],
    failing: ['burnt', '--json'],
    saving: ['well', '--json', '--save', file('saved/run.json')],
    comparingItself: ['compare', file('saved/run.json'), file('saved/run.json')],
    savingOntoAFolder: ['burnt', '--save', file('saved')],
    savingOverAThesis: ['burnt', '--save', file('thesis.txt')],
    drawingOverAThesis: ['burnt', '--html', file('thesis.txt')],
    savingBoth: ['well', '--save', file('own.json'), '--html', file('own.html')],
    savingBothAgain: ['well', '--save', file('own.json'), '--html', file('own.html')],
    forced: ['well', '--html', file('draft.txt'), '--force'],
    savingTwiceToOne: ['well', '--save', file('own.json'), '--html', file('own.json')],
    drawing: ['burnt', '--save', file('burnt.json'), '--html', file('first.html')],
    reporting: ['report', file('burnt.json')],
    reportingForeign: ['report', file('foreign.json')],
    comparing: ['compare', file('a.json'), file('b.json')],
    comparingOnAPage: ['compare', file('a.json'), file('b.json'), '--html', file('both.html')],
    comparingWithForce: ['compare', file('a.json'), file('b.json'), '--force'],
    comparingOtherSettings: ['compare', file('a.json'), file('other-settings.json')],
    comparingOtherSuites: ['compare', file('a.json'), file('other-suite.json')],
    comparingNothing: ['compare', file('a.json'), file('absent.json')],
    comparingNoRun: ['compare', file('a.json'), file('rowless.json')],
    spiced: ['spiced', '--spices', 'chilli,cumin', '--save', file('hot.json')],
    mild: ['spiced', '--save', file('mild.json')],
    comparingSpices: ['compare', file('hot.json'), file('mild.json')],
    reportingSpices: ['report', file('hot.json'), '--html', file('hot.html')],
    misspelt: ['wel'],
    contradicting: ['well', '--quick', '--full'],
  }) satisfies Record<string, string[]>;

type Line = keyof ReturnType<typeof linesIn>;

describe('npm run bench', () => {
  let folder = '';
  const file = (name: string) => join(folder, name);
  const textOf = (name: string) => readFile(file(name), 'utf8');
  let endings: Record<Line, Ending>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'async-workbench-test-'));
    await mkdir(file('saved'));
    const given: Readonly<Record<string, object>> = {
      'a.json': {},
      'b.json': {},
      'foreign.json': { suite: 'dessert' },
      'other-settings.json': { settings: { dishes: 3 } },
      'other-suite.json': { suite: 'burnt' },
      'rowless.json': { rows: [] },
    };
    for (const [name, change] of Object.entries(given)) {
      await writeFile(file(name), JSON.stringify({ ...SAVED, ...change }));
    }
    for (const name of ['thesis.txt', 'draft.txt']) await writeFile(file(name), 'years of work');
    const lines = linesIn(file);
    const ended = await runLines(SUITES, Object.values(lines));
    endings = Object.fromEntries(
      Object.keys(lines).map((name, index) => [name, ended[index]]),
    ) as typeof endings;
  });
  after(() => rm(folder, { recursive: true }));

  test('lists every suite with what it takes', () => {
    const { code, stdout } = endings.list;
    assert.equal(code, 0);
    assert.match(stdout, /^well +3\.00 ms .* nothing fails$/m);
    assert.match(stdout, /^burnt /m);
  });

  test('--json prints one document: suite, environment, settings, rows with figures by name', () => {
    const { code, stdout, stderr } = endings.json;
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const document = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(document), ['suite', 'environment', 'settings', 'rows']);
    assert.equal(document['suite'], 'well');
    assert.deepEqual(Object.keys(document['environment']!), [
      'node',
      'platform',
      'cpu',
      'cores',
      'packages',
      'takenByOthers',
    ]);
    assert.deepEqual(document['settings'], { size: 'default', repeats: 3, dishes: 2 });
    assert.deepEqual(document['rows'], [
      {
        section: 'Dishes',
        name: 'soup',
        timeMs: { median: 4, mad: 0, samples: [4, 4, 4], trials: [4, 4, 4] },
      },
    ]);
  });

  test('a case that throws and one whose process dies are rows that say so, and exit 1', () => {
    const { code, stdout } = endings.failing;
    assert.equal(code, 1);
    const { rows } = JSON.parse(stdout) as { rows: Array<{ name: string; error?: string }> };
    assert.deepEqual(
      rows.map(({ name, error }) => [name, error]),
      [
        ['roast', 'the roast is burnt'],
        ['soup', undefined],
        ['oven', 'the process ended with exit code 7'],
      ],
    );
  });

  test('the text of a process of its own has the failures too, and the environment', async () => {
    const { code, stdout } = await run(SUITES, ['burnt']);
    assert.equal(code, 1);
    assert.match(stdout, /^roast: failed: the roast is burnt$/m);
    assert.match(stdout, /^soup +4 ± 0 % \(3\)$/m);
    assert.match(stdout, /size of the run: default; turns of\neach case: 3; dishes: 2\nNode \d+\.\d+\.\d+, /);
  });

  test('--save keeps what --json prints, and leaves nothing else behind', async () => {
    assert.equal(await textOf('saved/run.json'), endings.saving.stdout);
    assert.deepEqual(await readdir(file('saved')), ['run.json']);
    assert.equal(endings.comparingItself.code, 0);
    assert.match(endings.comparingItself.stdout, /^soup\n {2}time .* the same$/m);
  });

  test('--save refuses a folder before anything is measured', () => {
    const { code, stdout, stderr } = endings.savingOntoAFolder;
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: .*: is no plain file; choose another name\n$/);
  });

  test('--save and --html replace what is their own, and nothing else unless told', async () => {
    for (const { code, stdout, stderr } of [endings.savingOverAThesis, endings.drawingOverAThesis]) {
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, /^error: .*thesis\.txt: is not one of our reports; .*--force to replace it\n$/);
    }
    assert.equal(await textOf('thesis.txt'), 'years of work');
    for (const { code, stdout } of [endings.savingBoth, endings.savingBothAgain]) {
      const last = [`wrote ${file('own.json')}`, `wrote ${file('own.html')}`, ''];
      assert.deepEqual([code, stdout.split('\n').slice(-3)], [0, last]);
    }
    assert.equal(endings.forced.code, 0);
    assert.ok((await textOf('draft.txt')).includes(REPORT_MARK));
    const { code, stderr } = endings.savingTwiceToOne;
    assert.equal(code, 2);
    assert.match(stderr, /^error: --html: expected another file than --save, got .* twice\n$/);
  });

  test('report makes the same page of a saved run as --html, beside it', async () => {
    assert.equal(endings.reporting.stdout, `wrote ${file('burnt.html')}\n`);
    assert.equal(await textOf('burnt.html'), await textOf('first.html'));
    const { code, stderr } = endings.reportingForeign;
    assert.deepEqual(
      [code, stderr],
      [2, `error: ${file('foreign.json')}: dessert is no suite of this version\n`],
    );
  });

  test('compare sets two saved runs side by side, also with other settings, and refuses another suite', async () => {
    const same = endings.comparing;
    assert.equal(same.code, 0);
    assert.match(same.stdout, /^soup\n {2}time .* 1\.00×, no clear difference$/m);
    assert.match(same.stdout, /^A: Node 26\.0\.0, .* a stove/m);
    assert.equal(endings.comparingOnAPage.stdout, `${same.stdout}wrote ${file('both.html')}\n`);
    assert.ok((await textOf('both.html')).includes('between a.json and b.json'));
    assert.deepEqual(endings.comparingWithForce, {
      code: 2,
      stdout: '',
      stderr: 'error: --force: would change nothing here, since no file is asked for (--html)\n',
    });
    assert.equal(endings.comparingOtherSettings.code, 0);
    assert.match(endings.comparingOtherSettings.stdout, /^What was changed: dishes \(2 in A, 3 in B\)\. /m);
    assert.deepEqual(endings.comparingOtherSuites, {
      code: 2,
      stdout: '',
      stderr:
        'error: expected two runs of one suite, got well and burnt; two suites have no figure in common\n',
    });
  });

  test('compare refuses a file that is absent or no saved run, in one line', () => {
    const refusals = [
      [endings.comparingNothing, 'absent.json', 'cannot be read (ENOENT)'],
      [endings.comparingNoRun, 'rowless.json', 'document.rows: expected a list that is not empty, got []'],
    ] as const;
    for (const [ending, name, message] of refusals) {
      assert.deepEqual(ending, { code: 2, stdout: '', stderr: `error: ${file(name)}: ${message}\n` });
    }
  });

  test("a suite's own option is a setting of the run, of its page and of a comparison", async () => {
    assert.equal(endings.spiced.code, 0);
    assert.match(endings.spiced.stdout, /; dishes: 2; spices: chilli, cumin; kitchen: here$/m);
    const [more, less] = await Promise.all(
      ['hot.json', 'mild.json'].map(async (name) => JSON.parse(await textOf(name)) as { settings: object }),
    );
    assert.deepEqual(more!.settings, {
      size: 'default',
      repeats: 3,
      dishes: 2,
      spices: ['chilli', 'cumin'],
      kitchen: 'here',
    });
    assert.deepEqual(less!.settings, { size: 'default', repeats: 3, dishes: 2, kitchen: 'here' });
    assert.match(
      endings.comparingSpices.stdout,
      /^What was changed: spices \(chilli, cumin in A, none in B\)\. /m,
    );
    assert.ok((await textOf('hot.html')).includes('npm run bench -- spiced --spices chilli,cumin<'));
  });

  test("Ctrl-C ends the case's process too, saves nothing, and exits 130", async () => {
    const [pidFile, target] = [file('stew'), file('stew.json')];
    await writeFile(pidFile, '');
    const watching = watch(folder);
    const child = spawn(
      process.execPath,
      [fileURLToPath(import.meta.resolve('./suites-for-tests.ts')), 'endless', '--save', target],
      { stdio: 'ignore', env: { ...process.env, STEW_FILE: pidFile } },
    );
    const ended = once(child, 'exit');
    for await (const _ of watching) if (readFileSync(pidFile, 'utf8') !== '') break;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    assert.ok(process.kill(pid, 0), 'the case runs');
    child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.ok(!(await readdir(folder)).includes('stew.json'));
  });

  test('a wrong name and contradicting options exit 2', () => {
    const { code, stderr } = endings.misspelt;
    assert.deepEqual([code, stderr], [2, 'error: no suite "wel"; did you mean well?\n']);
    assert.equal(endings.contradicting.code, 2);
  });
});
