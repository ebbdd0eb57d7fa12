// What .ci/run does on a machine that has none of the programs which some tests need. The programs that it calls are scripts
// that write down how they were called.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { ROOT } from './processes.ts';

interface CiRun {
  readonly code: number | string | null;
  readonly calls: readonly string[];
  readonly goesOnWithout: readonly string[];
  /** What it says after the last check. */
  readonly lastLines: readonly string[];
}

const CHECKS = ['npm run typecheck', 'npm run lint', 'npm run format:check', 'npm test'];

/** Runs a copy of .ci/run that finds no program but these. Each is a line of a shell. */
async function runCi(t: TestContext, programs: Readonly<Record<string, string>>): Promise<CiRun> {
  const folder = await mkdtemp(join(tmpdir(), 'async-workbench-ci-'));
  t.after(() => rm(folder, { recursive: true }));
  const bin = join(folder, 'bin');
  const log = join(folder, 'calls');
  const absent = join(folder, 'absent');
  await Promise.all([mkdir(bin), mkdir(join(folder, '.ci'))]);
  await writeFile(log, '');
  const script = await readFile(join(ROOT, '.ci/run'), 'utf8');
  const elsewhere = script.replaceAll(/\/(?:usr|etc)\/(?!bin\/env)/g, `${absent}/`);
  await writeFile(join(folder, '.ci/run'), elsewhere);
  const asked = { ls: 'exit 2', id: 'echo 0', dirname: 'echo "${1%/*}"' };
  for (const [name, line] of Object.entries({ ...asked, sed: ':', ...programs })) {
    const called = `echo "${name} $*" >> '${log}'; echo "${name} $*" >&2`;
    const lines = ['#!/bin/sh', Object.hasOwn(asked, name) ? '' : called, line, ''];
    await writeFile(join(bin, name), lines.join('\n'), { mode: 0o755 });
  }
  const { promise, resolve } = Promise.withResolvers<Pick<CiRun, 'code'> & { stderr: string }>();
  const child = execFile('/bin/bash', [join(folder, '.ci/run')], { env: { PATH: bin } }, (_, _out, stderr) =>
    resolve({ code: child.exitCode, stderr }),
  );
  const { code, stderr } = await promise;
  const calls = (await readFile(log, 'utf8')).trimEnd().split('\n');
  const goesOnWithout = Array.from(
    stderr.matchAll(/^(.+) could not be installed\. CI goes on/gm),
    ([, what]) => what!,
  );
  const [, last = ''] = stderr.split('npm test\n');
  return { code, calls, goesOnWithout, lastLines: last.split('\n').filter((line) => line !== '') };
}

describe('.ci/run', { skip: process.platform === 'win32' }, () => {
  const FAILING = 'exit 100';
  const installs = (calls: readonly string[]) => calls.filter((call) => call.startsWith('apt-get install'));
  const updates = (calls: readonly string[]) => calls.filter((call) => call.startsWith('apt-get update'));

  test('goes on if nothing can be installed, and says what is missing, at the end too', async (t) => {
    const offline = { 'apt-get': FAILING, npm: '[ "$1" != install ]' };
    const { code, calls, goesOnWithout, lastLines } = await runCi(t, offline);
    assert.equal(code, 0);
    assert.deepEqual(goesOnWithout, ['Chromium', 'Postgres', 'aiohttp', 'Deno or Bun']);
    assert.equal(updates(calls).length, 1);
    assert.deepEqual(
      lastLines,
      goesOnWithout.map((what) => `Skipped: the tests that need ${what}, which could not be installed.`),
    );
    assert.deepEqual(calls.slice(-CHECKS.length), CHECKS);
  });

  test('goes on if there are no packages of Debian, or the user may not install them', async (t) => {
    for (const programs of [{ npm: ':' }, { npm: ':', id: 'echo 1000', 'apt-get': ':' }]) {
      const { code, calls, goesOnWithout } = await runCi(t, programs);
      assert.equal(code, 0);
      assert.deepEqual(goesOnWithout, ['Chromium', 'Postgres', 'aiohttp', 'Deno or Bun']);
      assert.ok(!calls.some((call) => call.startsWith('apt-get')));
      assert.deepEqual(calls.slice(-CHECKS.length), CHECKS);
    }
  });

  test('installs what is missing, and only that', async (t) => {
    const { code, calls, goesOnWithout } = await runCi(t, { 'apt-get': ':', npm: ':', chromium: ':' });
    assert.equal(code, 0);
    // Nothing of npm was installed really.
    assert.deepEqual(goesOnWithout, ['Deno or Bun']);
    assert.deepEqual(installs(calls), [
      'apt-get install -yq -o Acquire::Retries=3 postgresql-common',
      'apt-get install -yq -o Acquire::Retries=3 postgresql iproute2',
      'apt-get install -yq -o Acquire::Retries=3 python3-aiohttp',
    ]);
    assert.equal(updates(calls).length, 1);
  });

  test('takes no aiohttp that only PYTHONPATH leads to', async (t) => {
    const python = '[ "$1" != -E ]';
    const { calls } = await runCi(t, { python3: python, 'apt-get': ':', npm: ':' });
    assert.ok(installs(calls).includes('apt-get install -yq -o Acquire::Retries=3 python3-aiohttp'));
  });

  test('ends if a check fails, or the packages of the project cannot be had', async (t) => {
    for (const [npm, last] of [
      ['[ "$1" != ci ]', 'npm ci'],
      ['[ "$2" != lint ]', 'npm run lint'],
    ] as const) {
      const { code, calls } = await runCi(t, { 'apt-get': FAILING, npm });
      assert.equal(code, 1);
      assert.equal(calls.at(-1), last);
    }
  });
});
