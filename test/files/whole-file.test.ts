// A file is whole or absent, and no name leaves its folder.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { writeWhole } from '../../src/files/whole-file.ts';

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

test('leaves what was there, and no temporary file, when something else has the name', async (t) => {
  const folder = await folderOf(t);
  await mkdir(join(folder, 'order-1.json'));
  await writeFile(join(folder, 'order-1.json', 'inside'), 'kept');
  await assert.rejects(writeWhole(folder, 'order-1.json', 'text'), { code: 'EISDIR' });
  assert.deepEqual(await readdir(folder), ['order-1.json']);
  assert.equal(await readFile(join(folder, 'order-1.json', 'inside'), 'utf8'), 'kept');
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
