// The command line as a process: the list, the JSON, saved runs, their comparison, exit codes.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { REPORT_MARK } from '../../src/report/html/page.ts';
import { SAVED } from './saved-run.ts';

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, ...args: string[]): Promise<Ending> => {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const path = fileURLToPath(import.meta.resolve(program));
  execFile(process.execPath, [path, ...args], (error, stdout, stderr) =>
    resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
  );
  return promise;
};
const bench = (...args: string[]) => run('./suites-for-tests.ts', ...args);

describe('npm run bench', { concurrency: 2 }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'async-workbench-test-'));
  });
  after(() => rm(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);
  const saved = async (name: string, change: object = {}) => {
    await writeFile(file(name), JSON.stringify({ ...SAVED, ...change }));
    return file(name);
  };

  test('lists every suite with what it takes', async () => {
    const { code, stdout } = await bench();
    assert.equal(code, 0);
    assert.match(stdout, /^well +3\.00 ms .* nothing fails$/m);
    assert.match(stdout, /^burnt /m);
  });

  test('--json prints one document: suite, environment, settings, rows with figures by name', async () => {
    const { code, stdout, stderr } = await bench('well', '--json');
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

  test('a case that throws and one whose process dies are rows that say so, and exit 1', async () => {
    const { code, stdout } = await bench('burnt', '--json');
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

  test('the text has the failures too, and the environment', async () => {
    const { code, stdout } = await bench('burnt');
    assert.equal(code, 1);
    assert.match(stdout, /^roast: failed: the roast is burnt$/m);
    assert.match(stdout, /^soup +4 ± 0 % \(3\)$/m);
    assert.match(stdout, /size of the run: default; turns of\neach case: 3; dishes: 2\nNode \d+\.\d+\.\d+, /);
  });

  test('--save keeps what --json prints, and leaves nothing else behind', async () => {
    const target = join(await mkdtemp(join(folder, 'save-')), 'run.json');
    const { stdout } = await bench('well', '--json', '--save', target);
    assert.equal(await readFile(target, 'utf8'), stdout);
    assert.deepEqual(await readdir(join(target, '..')), ['run.json']);
    const again = await bench('compare', target, target);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /^soup\n {2}time .* the same$/m);
  });

  test('--save refuses a folder before anything is measured', async () => {
    const { code, stdout, stderr } = await bench('burnt', '--save', folder);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: .*: is no plain file; choose another name\n$/);
  });

  test('--save and --html replace what is their own, and nothing else unless told', async () => {
    const mine = await mkdtemp(join(folder, 'own-'));
    const [thesis, json, page] = ['thesis.txt', 'run.json', 'run.html'].map((name) => join(mine, name));
    await writeFile(thesis!, 'years of work');
    for (const option of ['--save', '--html']) {
      const { code, stdout, stderr } = await bench('burnt', option, thesis!);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, /^error: .*thesis\.txt: is not one of our reports; .*--force to replace it\n$/);
    }
    assert.equal(await readFile(thesis!, 'utf8'), 'years of work');
    for (const _ of ['first', 'second']) {
      const { code, stdout } = await bench('well', '--save', json!, '--html', page!);
      assert.deepEqual([code, stdout.split('\n').slice(-3)], [0, [`wrote ${json}`, `wrote ${page}`, '']]);
    }
    assert.equal((await bench('well', '--html', thesis!, '--force')).code, 0);
    assert.ok((await readFile(thesis!, 'utf8')).includes(REPORT_MARK));
    const twice = await bench('well', '--save', json!, '--html', json!);
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /^error: --html: expected another file than --save, got .* twice\n$/);
  });

  test('report makes the same page of a saved run as --html, beside it', async () => {
    const mine = await mkdtemp(join(folder, 'again-'));
    const at = (name: string) => join(mine, name);
    await bench('burnt', '--save', at('run.json'), '--html', at('first.html'));
    assert.equal((await bench('report', at('run.json'))).stdout, `wrote ${at('run.html')}\n`);
    assert.equal(await readFile(at('run.html'), 'utf8'), await readFile(at('first.html'), 'utf8'));
    const foreign = await saved('foreign.json', { suite: 'dessert' });
    const refused = await bench('report', foreign);
    assert.deepEqual(
      [refused.code, refused.stderr],
      [2, `error: ${foreign}: dessert is no suite of this version\n`],
    );
  });

  test('compare sets two saved runs side by side, also with other settings, and refuses another suite', async () => {
    const a = await saved('a.json');
    const same = await bench('compare', a, await saved('b.json'));
    assert.equal(same.code, 0);
    assert.match(same.stdout, /^soup\n {2}time .* 1\.00×, no clear difference$/m);
    assert.match(same.stdout, /^A: Node 26\.0\.0, .* a stove/m);
    const both = await bench('compare', a, file('b.json'), '--html', file('both.html'));
    assert.equal(both.stdout, `${same.stdout}wrote ${file('both.html')}\n`);
    assert.ok((await readFile(file('both.html'), 'utf8')).includes('between a.json and b.json'));
    const idle = await bench('compare', a, file('b.json'), '--force');
    assert.deepEqual(
      [idle.code, idle.stdout, idle.stderr],
      [2, '', 'error: --force: would change nothing here, since no file is asked for (--html)\n'],
    );
    const more = await bench('compare', a, await saved('c.json', { settings: { dishes: 3 } }));
    assert.equal(more.code, 0);
    assert.match(more.stdout, /^What was changed: dishes \(2 in A, 3 in B\)\. /m);
    const refused = await bench('compare', a, await saved('d.json', { suite: 'burnt' }));
    assert.deepEqual(
      [refused.code, refused.stdout, refused.stderr],
      [
        2,
        '',
        'error: expected two runs of one suite, got well and burnt; two suites have no figure in common\n',
      ],
    );
  });

  test('compare refuses a file that is absent or no saved run, in one line', async () => {
    const a = await saved('good.json');
    const rowless = await saved('rowless.json', { rows: [] });
    for (const [path, message] of [
      [file('absent.json'), 'cannot be read (ENOENT)'],
      [rowless, 'document.rows: expected a list that is not empty, got []'],
    ] as const) {
      const { code, stdout, stderr } = await bench('compare', a, path);
      assert.deepEqual([code, stdout, stderr], [2, '', `error: ${path}: ${message}\n`]);
    }
  });

  test("a suite's own option is a setting of the run, of its page and of a comparison", async () => {
    const [hot, mild, page] = [file('hot.json'), file('mild.json'), file('hot.html')];
    const { code, stdout } = await bench('spiced', '--spices', 'chilli,cumin', '--save', hot);
    assert.equal(code, 0);
    assert.match(stdout, /; dishes: 2; spices: chilli, cumin; kitchen: here$/m);
    await bench('spiced', '--save', mild);
    const [more, less] = await Promise.all(
      [hot, mild].map(async (path) => JSON.parse(await readFile(path, 'utf8')) as { settings: object }),
    );
    assert.deepEqual(more!.settings, {
      size: 'default',
      repeats: 3,
      dishes: 2,
      spices: ['chilli', 'cumin'],
      kitchen: 'here',
    });
    assert.deepEqual(less!.settings, { size: 'default', repeats: 3, dishes: 2, kitchen: 'here' });
    const { stdout: beside } = await bench('compare', hot, mild);
    assert.match(beside, /^What was changed: spices \(chilli, cumin in A, none in B\)\. /m);
    await bench('report', hot, '--html', page);
    assert.ok((await readFile(page, 'utf8')).includes('npm run bench -- spiced --spices chilli,cumin<'));
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

  test('a wrong name and contradicting options exit 2', async () => {
    const { code, stderr } = await bench('wel');
    assert.deepEqual([code, stderr], [2, 'error: no suite "wel"; did you mean well?\n']);
    assert.equal((await bench('well', '--quick', '--full')).code, 2);
  });
});
