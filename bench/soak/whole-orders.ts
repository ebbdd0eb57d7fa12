// Checks the files on the disk after a run with kills.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orderOf } from '../../src/api/orders.ts';

/** The names of all orders in the folder. @throws {AssertionError} if one is not whole */
export async function wholeFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  for (const name of names) {
    const id = Number(/^order-(\d+)\.json$/.exec(name)?.[1]);
    assert.equal(await readFile(join(folder, name), 'utf8'), JSON.stringify(orderOf(id)), `${name} is whole`);
  }
  return names;
}

/** @throws {AssertionError} if one of the first `count` orders is missing, one is not whole, or something else is there */
export async function expectAllWhole(folder: string, count: number): Promise<void> {
  const wanted = Array.from({ length: count }, (_, index) => `order-${index + 1}.json`);
  const names = await wholeFiles(folder);
  assert.deepEqual(names.toSorted(), wanted.toSorted(), 'none is missing, nothing else is there');
}
