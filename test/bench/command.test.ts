// The command line as a process: the list, the JSON, saved runs, their comparison, exit codes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, ...args: string[]): Promise<Ended> => {
  const { promise, resolve } = Promise.withResolvers<Ended>();
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
  const saved = async (name: string, change: (run: Record<string, unknown>) => void = () => {}) => {
    const document = {
      suite: 'well',
      environment: {
        node: '26.0.0',
        platform: 'linux x64',
        cpu: 'a stove',
        cores: 2,
        packages: { msw: '3' },
      },
      settings: { dishes: 2 },
      rows: [{ section: 'Dishes', name: 'soup', timeMs: { median: 10, mad: 1, samples: [9, 10, 11] } }],
    };
    change(document);
    await writeFile(file(name), JSON.stringify(document));
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
    assert.deepEqual(Object.keys(document['environment']!), ['node', 'platform', 'cpu', 'cores', 'packages']);
    assert.deepEqual(document['settings'], { size: 'default', repeats: 3, dishes: 2 });
    assert.deepEqual(document['rows'], [
      { section: 'Dishes', name: 'soup', timeMs: { median: 4, mad: 0, samples: [4, 4, 4] } },
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
    const text = await bench('burnt');
    assert.equal(text.code, 1);
    assert.match(text.stdout, /^roast: failed: the roast is burnt$/m);
    assert.match(text.stdout, /^soup +4 ± 0 % \(3\)$/m);
  });

  test('--save keeps what --json prints, and leaves nothing else behind', async () => {
    const target = join(await mkdtemp(join(folder, 'save-')), 'run.json');
    const { stdout } = await bench('well', '--json', '--save', target);
    assert.equal(await readFile(target, 'utf8'), stdout);
    assert.deepEqual(await readdir(join(target, '..')), ['run.json']);
    const again = await bench('compare', target, target);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /^soup +timeMs .* the same$/m);
  });

  test('--save refuses a folder before anything is measured', async () => {
    for (const target of [folder, join(folder, 'missing', 'run.json')]) {
      const { code, stdout, stderr } = await bench('burnt', '--save', target);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^error: --save: expected a f(ile|older that can be written), .*\n$/);
    }
  });

  test('compare gives the ratio with its spread, and no ratio where no difference is to be seen', async () => {
    const a = await saved('a.json');
    const timeMs = (median: number, samples = [median, median, median]) => ({ median, mad: 1, samples });
    const having = (figure: object) => (run: Record<string, unknown>) => {
      run['rows'] = [{ section: 'Dishes', name: 'soup', timeMs: figure }];
    };
    const verdictOf = async (figure: object) => {
      const { code, stdout } = await bench(
        'compare',
        a,
        await saved(`b-${Math.random()}.json`, having(figure)),
      );
      assert.equal(code, 0);
      return /^soup .* ms {2}(?<verdict>.*)$/m.exec(stdout)?.groups?.['verdict'];
    };
    assert.equal(await verdictOf(timeMs(30)), '3.00× (2.64× to 3.44×)');
    assert.equal(await verdictOf(timeMs(12)), 'no difference to be seen');
    assert.equal(await verdictOf(timeMs(30, [30])), 'too few samples to say');
  });

  test('compare refuses runs that measured something else, and says which setting differs', async () => {
    const a = await saved('one.json');
    const b = await saved('other.json', (run) => (run['settings'] = { dishes: 3, seed: 1 }));
    const refused = await bench('compare', a, b);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /dishes is 2 in A, 3 in B; seed is absent in A, 1 in B/);
    const c = await saved('third.json', (run) => (run['suite'] = 'burnt'));
    assert.match((await bench('compare', a, c)).stderr, /A measured well, B measured burnt/);
  });

  test('compare refuses files that are no saved runs, in one line', async () => {
    const a = await saved('good.json');
    await writeFile(file('text.json'), 'dinner is served');
    await writeFile(file('array.json'), '[]');
    const wrong: ReadonlyArray<readonly [string, RegExp]> = [
      [file('absent.json'), /cannot be read \(ENOENT\)/],
      [file('text.json'), /expected JSON/],
      [file('array.json'), /expected an object/],
      [await saved('rowless.json', (run) => (run['rows'] = [])), /expected rows/],
      [
        await saved('odd.json', (run) => (run['rows'] = [{ section: 'Dishes', name: 'soup', timeMs: 4 }])),
        /timeMs/,
      ],
    ];
    for (const [path, message] of wrong) {
      const { code, stdout, stderr } = await bench('compare', a, path);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });

  test('a wrong name and contradicting options exit 2', async () => {
    assert.equal((await bench('wel')).code, 2);
    assert.equal((await bench('well', '--quick', '--full')).code, 2);
  });
});
