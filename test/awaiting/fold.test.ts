// Equal branches become one, whatever tells their functions apart only for the inspector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold } from '../../src/awaiting/fold.ts';
import type { Branch, FunctionBranch } from '../../src/awaiting/branch.ts';

const slow = (id: number, ageMs?: number): FunctionBranch => ({
  kind: 'function',
  name: 'slow',
  count: 1,
  at: 'a.js:1:1',
  defined: 'a.js:1:1',
  ids: [id],
  lookedUp: 1,
  ...(ageMs === undefined ? {} : { ageMs }),
  below: [],
});
const outer = (id: number, below: readonly Branch[]): FunctionBranch => ({
  ...slow(id),
  name: 'outer',
  below,
});

test('equal branches are one, which names the functions it stands for and how old the oldest is', () => {
  const [one, ...others] = fold([slow(1, 20), slow(2, 70), slow(3)]);
  assert.deepEqual(others, []);
  assert.deepEqual(one, { ...slow(1, 70), count: 3, ids: [1, 2, 3], lookedUp: 3 });
});

test('below equal branches the functions of both are named, and the count is still that of one', () => {
  const [one, ...others] = fold([outer(1, fold([slow(2), slow(3)])), outer(4, fold([slow(5), slow(6)]))]);
  assert.deepEqual(others, []);
  assert.deepEqual(one, {
    ...outer(1, [{ ...slow(2), count: 2, ids: [2, 3, 5, 6], lookedUp: 4 }]),
    count: 2,
    ids: [1, 4],
    lookedUp: 2,
  });
});

test('branches that differ below stay apart', () => {
  assert.equal(fold([outer(1, [slow(2)]), outer(3, fold([slow(4), slow(5)]))]).length, 2);
});
