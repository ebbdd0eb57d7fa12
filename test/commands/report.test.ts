// The report as its users ask for it: a process with arguments and files.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readJson } from '../../src/files/json.ts';
import { runDocument } from '../../src/report/document.ts';
import { REPORT_MARK, reportPage } from '../../src/report/html/page.ts';
import { TRACE_MARK } from '../../src/report/trace.ts';
import { runLines } from '../processes.ts';
import { defaultRun } from '../report/html/runs.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-report-'));
  await writeFile(join(folder, 'run.json'), JSON.stringify(defaultRun()));
  for (const name of ['thesis.html', 'diary.html']) await writeFile(join(folder, name), 'years of work');
  await writeFile(join(folder, 'work.ts'), 'export const inputs = [1];\nexport const task = Math.sqrt;\n');
});
after(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** The same of several command lines, one after the other in one process. */
const runAll = (...lines: ReadonlyArray<readonly string[]>) =>
  runLines('src/program.ts', lines, { cwd: folder });

const content = (name: string) => readFile(join(folder, name), 'utf8');
/** What `report` would make of a saved run. */
const reportOf = async (name: string) => reportPage(await readJson(join(folder, name), runDocument));
/** A comparison that takes no longer than its processes. */
const COMPARE = 'compare price-order --requests 1 --cost 0.01 --repeats 1 --approach sequential'.split(' ');

test('a saved run becomes a report beside it, and again', async () => {
  const report = ['report', 'run.json'];
  const wrote = { code: 0, stdout: 'wrote run.html\n', stderr: '' };
  assert.deepEqual(await runAll(report, report), [wrote, wrote]);
  assert.ok((await content('run.html')).includes(REPORT_MARK));
});

test('two saved runs become one report, which does not take the place of that of one', async () => {
  const [unnamed, named] = await runAll(
    ['report', 'run.json', './run.json'],
    ['report', 'run.json', 'run.json', '--html', 'both.html'],
  );
  assert.match(unnamed!.stdout, /\nwrote run-run\.html\n$/);
  const { code, stdout } = named!;
  assert.equal(code, 0);
  assert.match(stdout, /^fetch-order: no difference in time that is beyond doubt, in any approach\.\n/);
  assert.match(stdout, /\nA: run\.json\nB: run\.json\nwrote both\.html\n$/);
  assert.ok((await content('both.html')).includes('no difference in time that is beyond doubt'));
});

test('the name of a file that was written reaches no terminal raw, and a saved run is replaced', async () => {
  const name = 'quick\u009b31m\u202erun.json';
  const before = await content('run.json');
  await writeFile(join(folder, name), before);
  const [compared, reported] = await runAll([...COMPARE, '--save', name], ['report', name]);
  assert.equal(compared!.code, 0);
  assert.match(compared!.stdout, /^wrote quick\ufffd31m\ufffdrun\.json$/m);
  assert.notEqual(await content(name), before);
  assert.deepEqual(reported, { code: 0, stdout: 'wrote quick\ufffd31m\ufffdrun.html\n', stderr: '' });
});

test('a comparison leaves a run, a report and a trace, and its JSON is still one document', async () => {
  const files = '--save new.json --html new.html --trace new.trace.json'.split(' ');
  const { code, stdout } = await run(...COMPARE, ...files, '--json');
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { comparisons: unknown[] }).comparisons.length, 1);
  assert.equal(await content('new.json'), stdout);
  assert.ok((await content('new.html')).includes(REPORT_MARK));
  assert.ok((await content('new.trace.json')).startsWith(TRACE_MARK));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('.')),
    [],
  );
  assert.equal(await reportOf('new.json'), await content('new.html'));
});

test('a file that is no report stops a comparison before it has begun, and --force replaces it', async () => {
  const [html, save, forced] = await runAll(
    [...COMPARE, '--html', 'thesis.html'],
    [...COMPARE, '--save', 'thesis.html'],
    ['report', 'run.json', '--html', 'diary.html', '--force'],
  );
  for (const { code, stdout, stderr } of [html!, save!]) {
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, /^error: thesis\.html: is not one of our reports; .* --force to replace it\n$/);
  }
  assert.equal(await content('thesis.html'), 'years of work');
  assert.equal(forced!.code, 0);
  assert.ok((await content('diary.html')).includes(REPORT_MARK));
});

const WRONG: ReadonlyArray<readonly [args: string, says: RegExp]> = [
  ['report', /missing required argument 'file'/],
  ['report nothing.json', /nothing\.json: cannot be read \(ENOENT\)/],
  ['report .', /: cannot be read \(EISDIR\)/],
  [
    'report run.json run.json run.json',
    /expected one saved run, or two, got 3: run\.json, run\.json, run\.json/,
  ],
  ['report run.json --html run.json', /run\.json: is not one of our reports/],
  ['report run.json --html no/where.html', /no\/where\.html: there is no folder/],
  ['report run.json --html ', /expected the name of a file to write, got ""/],
  ['report run.json run.json --html two.html --trace two.json', /a trace shows one run, not two/],
  ['report run.json --html same --trace same', /expected another file than --html/],
  [
    'report suite.json',
    /suite\.json: document\.suite: expected a comparison and no suite \(npm run bench -- report makes the page of a suite\), got "pools"/,
  ],
  ['report odd.json', /odd\.json: document\.environment\.node: expected a text, got 26/],
  [`${COMPARE.join(' ')} --html ${'n'.repeat(256)}`, /n{256}/],
  [`${COMPARE.join(' ')} --html a\\b.html`, /a\\b\.html/],
];

test('what cannot be read or written ends with 2 and one line, before anything is measured', async (t) => {
  await writeFile(join(folder, 'suite.json'), JSON.stringify({ suite: 'pools', rows: [] }));
  await writeFile(join(folder, 'odd.json'), '{"environment":{"node":26}}');
  const endings = await runAll(...WRONG.map(([args]) => args.split(' ')));
  for (const [index, [args, says]] of WRONG.entries()) {
    await t.test(args, () => {
      const { code, stdout, stderr } = endings[index]!;
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, /^error: [^\n]+\n$/);
      assert.match(stderr, says);
    });
  }
});

/** The command line in a shell, whose stdout goes where `to` says. */
async function inShell(to: string, ...args: string[]) {
  const child = spawn(
    'bash',
    ['-c', `"$0" "$@" ${to}; exit "\${PIPESTATUS[0]}"`, process.execPath, CLI, ...args],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** It prints its plan before it measures. So it knows before its result that nobody reads. */
const COMPARE_OWN = 'compare work.ts --kind computes --repeats 1 --approach sequential'.split(' ');

const noShell = process.platform === 'win32' && 'needs bash';

test('a reader who leaves early loses no file', { skip: noShell }, async () => {
  const { code, stderr } = await inShell(
    '| true',
    ...COMPARE_OWN,
    '--save',
    'early.json',
    '--html',
    'early.html',
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(await content('early.html'), await reportOf('early.json'));
});

test(
  'a stdout that takes nothing loses no file, and says so',
  { skip: process.platform !== 'linux' },
  async () => {
    const { code, stderr } = await inShell('> /dev/full', ...COMPARE_OWN, '--save', 'full.json');
    assert.deepEqual({ code, stderr }, { code: 1, stderr: 'error: stdout cannot be written (ENOSPC)\n' });
    assert.ok((await reportOf('full.json')).includes(REPORT_MARK));
  },
);

test('an empty name, and one of blanks alone, is quoted in the message', async () => {
  const named = [
    [[''], 'error: "": cannot be read (EISDIR)\n'],
    [[' '], 'error: " ": cannot be read (ENOENT)\n'],
    [['', 'a.json', ' '], 'error: report: expected one saved run, or two, got 3: "", a.json, " "\n'],
  ] as ReadonlyArray<readonly [string[], string]>;
  const endings = await runAll(...named.map(([files]) => ['report', ...files]));
  assert.deepEqual(
    endings,
    named.map(([, stderr]) => ({ code: 2, stdout: '', stderr })),
  );
});
