// A folder that is made once. Making it is a function of the test, which says when it is ready.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { madeOnce } from '../../src/files/made-once.ts';
import { ownedName } from '../../src/files/owner.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { until } from '../turns.ts';

/** Makes a folder with its own number in it, when its gate is open. */
function maker() {
  const gates: Array<PromiseWithResolvers<void>> = [];
  const make = async (folder: string) => {
    const gate = Promise.withResolvers<void>();
    const number = gates.push(gate);
    await gate.promise;
    await mkdir(folder);
    await writeFile(join(folder, 'number'), String(number));
  };
  return { make, gates };
}

const numberIn = (folder: string) => readFile(join(folder, 'number'), 'utf8');

test('it is made once: a second process waits for it, and a later one finds it', async () => {
  await using cache = await temporaryFolder();
  const { make, gates } = maker();
  const first = madeOnce(cache.path, 'meal', make);
  await until(() => gates.length === 1);
  const second = madeOnce(cache.path, 'meal', make);
  gates[0]!.resolve();
  const found = await Promise.all([first, second, madeOnce(cache.path, 'meal', make)]);
  assert.equal(new Set(found).size, 1);
  assert.equal(gates.length, 1);
  assert.equal(await numberIn(found[0]), '1');
  assert.equal((await readdir(cache.path)).length, 1);
});

test('if another process is ready first, its folder is kept', async () => {
  await using cache = await temporaryFolder();
  const { make, gates } = maker();
  const made = madeOnce(cache.path, 'meal', make);
  await until(() => gates.length === 1);
  const faster = join(cache.path, 'meal');
  await mkdir(faster);
  await writeFile(join(faster, 'number'), 'of the other process');
  gates[0]!.resolve();
  assert.equal(await made, faster);
  assert.equal(await numberIn(faster), 'of the other process');
  assert.equal((await readdir(cache.path)).length, 1);
});

test('nobody waits for a killed process, and what it has left behind is removed', async () => {
  await using cache = await temporaryFolder();
  const dead = ownedName('making-meal-').replace(`-${process.pid}-`, '-4194305-');
  await mkdir(join(cache.path, dead));
  const { make, gates } = maker();
  const made = madeOnce(cache.path, 'meal', make);
  await until(() => gates.length === 1);
  gates[0]!.resolve();
  assert.equal(await numberIn(await made), '1');
  assert.equal((await readdir(cache.path)).length, 1);
});

test('what could not be made is not kept, and the next one tries again', async () => {
  await using cache = await temporaryFolder();
  const half = async (folder: string) => {
    await mkdir(folder);
    throw new Error('burnt');
  };
  await assert.rejects(madeOnce(cache.path, 'meal', half), { message: 'burnt' });
  assert.deepEqual(await readdir(cache.path), []);
  const { make, gates } = maker();
  const made = madeOnce(cache.path, 'meal', make);
  await until(() => gates.length === 1);
  gates[0]!.resolve();
  assert.equal(await numberIn(await made), '1');
});
