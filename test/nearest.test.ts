import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../src/nearest.ts';

const NAMES = ['one-waiter', 'first-fetch', 'bounded-pool', 'task-group', 'retry'];

test('a slip of the finger, a part of the name and capitals all find the name', () => {
  for (const [typed, name] of [
    ['retyr', 'retry'],
    ['boundedpool', 'bounded-pool'],
    ['tsak-gruop', 'task-group'],
    ['fetch', 'first-fetch'],
    ['WAITER', 'one-waiter'],
  ] as const) {
    assert.equal(nearest(typed, NAMES)[0], name);
  }
});

test('a word that is near to no name gets no advice, and no word gets more than three names', () => {
  assert.deepEqual(nearest('xyzzyxyzzy', NAMES), []);
  assert.deepEqual(nearest('', NAMES), []);
  assert.equal(nearest('t', NAMES).length, 3);
});
