// Node makes 1 ms of a timer that is longer than it can count. Whatever is asked for, no timer of ours may be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timerLength } from '../../src/api/clock.ts';

test('a duration that a timer can count stays, and a longer one becomes the longest', () => {
  const longest = 2 ** 31 - 1;
  for (const ms of [0, 1, 0.5, longest]) assert.equal(timerLength(ms), ms);
  for (const ms of [longest + 1, 2 ** 40, Infinity, NaN]) assert.equal(timerLength(ms), longest);
});
