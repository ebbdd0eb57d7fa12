import assert from 'node:assert/strict';
import { lstat, mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { checkTarget, checkTargets, saveReport, saveTargets } from '../../src/files/targets.ts';
import { UsageError } from '../../src/usage-error.ts';

const options = { mark: '<!-- ours -->', force: false };
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof UsageError && message.test(error.message);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a new file is written, and one of ours is replaced', async () => {
  const path = join(folder, 'report.html');
  await saveReport(path, '<!-- ours --> one', options);
  await saveReport(path, '<!-- ours --> two', options);
  assert.equal(await readFile(path, 'utf8'), '<!-- ours --> two');
  assert.deepEqual(await readdir(folder), ['report.html']);
});

test('a file that is not ours is refused and stays as it was, until told to replace it', async () => {
  const path = join(folder, 'thesis.html');
  await writeFile(path, 'years of work');
  await assert.rejects(saveReport(path, 'report', options), refused(/is not one of our reports.*--force/));
  assert.equal(await readFile(path, 'utf8'), 'years of work');
  await saveReport(path, 'report', { ...options, force: true });
  assert.equal(await readFile(path, 'utf8'), 'report');
});

test('a missing folder is refused by name before any work is done', async () => {
  const path = join(folder, 'missing', 'report.html');
  await assert.rejects(checkTarget(path, options), refused(/there is no folder ".*missing"/));
});

test('a folder or a device is refused even with --force', async () => {
  const path = join(folder, 'reports');
  await mkdir(path);
  await assert.rejects(checkTarget(path, { ...options, force: true }), refused(/is no plain file/));
});

test('behind a link the file it leads to is replaced, and the link stays', async () => {
  await writeFile(join(folder, 'real.html'), '<!-- ours --> old');
  await symlink('real.html', join(folder, 'latest.html'));
  await saveReport(join(folder, 'latest.html'), 'new', options);
  assert.equal(await readFile(join(folder, 'real.html'), 'utf8'), 'new');
  assert.equal(await readFile(join(folder, 'latest.html'), 'utf8'), 'new');
});

test('a name that the file system does not take is refused before any work is done', async () => {
  for (const name of ['n'.repeat(256), 'a\\b.html', 'reports/']) {
    await assert.rejects(checkTarget(join(folder, name), options), UsageError, name);
  }
  await assert.rejects(checkTarget(`${folder}/reports/`, options), refused(/is no plain file/));
  assert.deepEqual(await readdir(folder), [], 'trying leaves nothing behind');
});

test('a link that leads to nothing is followed, and one in a circle is refused', async () => {
  await symlink('real.html', join(folder, 'latest.html'));
  await saveReport(join(folder, 'latest.html'), 'new', options);
  assert.ok((await lstat(join(folder, 'latest.html'))).isSymbolicLink());
  assert.equal(await readFile(join(folder, 'real.html'), 'utf8'), 'new');
  await symlink('circle', join(folder, 'circle'));
  await assert.rejects(checkTarget(join(folder, 'circle'), options), refused(/\(ELOOP\)/));
});

const target = (name: string) => ({
  option: `--${name}`,
  path: join(folder, name),
  mark: options.mark,
  textOf: () => name,
});

test('a file that cannot be written keeps no other from being written', async () => {
  const targets = [target('one'), target('two'), target('three')];
  await checkTargets(targets, false);
  await mkdir(join(folder, 'two')); // it has appeared while the work was done
  const { lines, failures } = await saveTargets(targets, undefined, false);
  assert.deepEqual(lines, [`wrote ${join(folder, 'one')}`, `wrote ${join(folder, 'three')}`]);
  assert.equal(failures.length, 1);
  assert.match(failures[0]!, /two: is no plain file/);
});

test('two options with one file are refused, also when a link hides it', async () => {
  await symlink('one', join(folder, 'two'));
  await assert.rejects(
    checkTargets([target('one'), target('two')], false),
    refused(/another file than --one/),
  );
});
