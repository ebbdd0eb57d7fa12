// A file is whole or absent, and no name leaves its folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ownedName } from '../../src/files/owner.ts';
import { createWhole, removeUnfinished, writeWhole } from '../../src/files/whole-file.ts';

const OWNER = new URL('../../src/files/owner.ts', import.meta.url).href;

async function folderOf(t: TestContext): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), 'whole-file-'));
  t.after(() => rm(outer, { recursive: true, force: true }));
  const folder = join(outer, 'orders');
  await mkdir(folder);
  return folder;
}

test('writes the file, returns its path, and leaves nothing beside it', async (t) => {
  const folder = await folderOf(t);
  assert.equal(await writeWhole(folder, 'order-1.json', 'old'), join(folder, 'order-1.json'));
  await writeWhole(folder, 'order-1.json', 'new');
  assert.equal(await readFile(join(folder, 'order-1.json'), 'utf8'), 'new');
  assert.deepEqual(await readdir(folder), ['order-1.json']);
});

test('many writers of one name leave the whole text of one of them', async (t) => {
  const folder = await folderOf(t);
  const texts = Array.from({ length: 20 }, (_, writer) => `${writer} `.repeat(20_000));
  await Promise.all(texts.map((text) => writeWhole(folder, 'order-1.json', text)));
  assert.ok(texts.includes(await readFile(join(folder, 'order-1.json'), 'utf8')));
  assert.deepEqual(await readdir(folder), ['order-1.json']);
});

test('a new file is made by one of many, and what has its name is never touched', async (t) => {
  const folder = await folderOf(t);
  const texts = Array.from({ length: 20 }, (_, writer) => `${writer} `.repeat(20_000));
  const ends = await Promise.allSettled(texts.map((text) => createWhole(folder, 'work.ts', text)));
  const made = ends.flatMap((end, writer) => (end.status === 'fulfilled' ? [writer] : []));
  assert.equal(made.length, 1);
  assert.equal(await readFile(join(folder, 'work.ts'), 'utf8'), texts[made[0]!]);
  for (const end of ends)
    assert.ok(end.status === 'fulfilled' || (end.reason as { code: string }).code === 'EEXIST');

  await symlink('nowhere.ts', join(folder, 'link.ts'));
  await mkdir(join(folder, 'folder.ts'));
  for (const taken of ['link.ts', 'folder.ts']) {
    await assert.rejects(createWhole(folder, taken, 'text'), { code: 'EEXIST' });
  }
  assert.deepEqual((await readdir(folder)).toSorted(), ['folder.ts', 'link.ts', 'work.ts']);
});

test('a new file whose content fails half-way leaves nothing', async (t) => {
  const folder = await folderOf(t);
  function* content() {
    yield 'the first half';
    throw new Error('the pen is empty');
  }
  await assert.rejects(createWhole(folder, 'work.ts', content()), { message: 'the pen is empty' });
  assert.deepEqual(await readdir(folder), []);
});

test('leaves no temporary file when the rename fails', async (t) => {
  const folder = await folderOf(t);
  function* content() {
    mkdirSync(join(folder, 'order-1.json')); // while the file is written, a folder takes its name
    yield 'text';
  }
  await assert.rejects(writeWhole(folder, 'order-1.json', content()), { syscall: 'rename' });
  assert.deepEqual(await readdir(folder), ['order-1.json']);
});

test('a folder or a device is refused and stays as it was', async (t) => {
  const folder = await folderOf(t);
  await mkdir(join(folder, 'order-1.json'));
  await writeFile(join(folder, 'order-1.json', 'inside'), 'kept');
  await assert.rejects(writeWhole(folder, 'order-1.json', 'text'), { code: 'EISDIR' });
  assert.deepEqual(await readdir(folder), ['order-1.json']);
  assert.equal(await readFile(join(folder, 'order-1.json', 'inside'), 'utf8'), 'kept');
});

test('a name that only begins as our temporary files do is a name like any other', async (t) => {
  const folder = await folderOf(t);
  await writeWhole(folder, '.unfinished-novel.md', 'years of work');
  await mkdir(join(folder, '.unfinished-dir'));
  await removeUnfinished(folder);
  assert.deepEqual((await readdir(folder)).toSorted(), ['.unfinished-dir', '.unfinished-novel.md']);
});

test('a name that a process of ours could give a temporary file is refused', async (t) => {
  const folder = await folderOf(t);
  await assert.rejects(writeWhole(folder, ownedName('.unfinished-'), 'text'), TypeError);
});

test('what a dead process left is removed; what a living one writes, or another machine, stays', async (t) => {
  const folder = await folderOf(t);
  const code = `const { ownedName } = await import(${JSON.stringify(OWNER)}); console.log(ownedName('.unfinished-'));`;
  const dead = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  }).trim();
  const alive = ownedName('.unfinished-');
  const elsewhere = dead.replace(/^(\.unfinished-)[0-9a-f]{12}/, '$1000000000000');
  const reused = alive.replace(`-${process.pid}-`, `-${process.ppid}-`);
  const folderSoNamed = dead.replace(/.$/, 'x');
  for (const name of [dead, alive, elsewhere, reused]) await writeFile(join(folder, name), 'half');
  await mkdir(join(folder, folderSoNamed));
  await removeUnfinished(folder);
  // A process id that was given out again is known by the start of its process, where the system tells that.
  const kept = [alive, elsewhere, folderSoNamed, ...(process.platform === 'linux' ? [] : [reused])];
  assert.deepEqual((await readdir(folder)).toSorted(), kept.toSorted());
});

test('rejects when the folder has vanished, and does not bring it back', async (t) => {
  const folder = await folderOf(t);
  await rm(folder, { recursive: true });
  await assert.rejects(writeWhole(folder, 'order-1.json', 'text'), { code: 'ENOENT' });
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
});

for (const name of [
  '',
  '.',
  '..',
  '../order.json',
  '/etc/order.json',
  'a/b',
  'a/',
  'a\\b',
  '..\\a',
  'order\0.json',
]) {
  test(`refuses the name ${JSON.stringify(name)} and writes nothing`, async (t) => {
    const folder = await folderOf(t);
    await assert.rejects(
      writeWhole(folder, name, 'text'),
      new TypeError(`name: expected a plain file name, got ${JSON.stringify(name)}`),
    );
    assert.deepEqual(await readdir(folder), []);
    assert.deepEqual(await readdir(join(folder, '..')), ['orders']);
  });
}

test('a name that the file system refuses leaves no temporary file', async (t) => {
  const folder = await folderOf(t);
  await assert.rejects(writeWhole(folder, 'o'.repeat(300), 'text'), { code: 'ENAMETOOLONG' });
  assert.deepEqual(await readdir(folder), []);
});
