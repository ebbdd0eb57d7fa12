import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, integer, property } from 'fast-check';
import { sharesOf } from '../../src/running/shares.ts';

test('shares are all the tasks and not one more, as even as whole tasks can be, and none is empty', () => {
  assert.deepEqual(sharesOf(4, 8), [1, 1, 1, 1]);
  assert.deepEqual(sharesOf(11, 4), [2, 3, 3, 3]);
  check(
    property(integer({ min: 1, max: 1e6 }), integer({ min: 1, max: 64 }), (tasks, processes) => {
      const shares = sharesOf(tasks, processes);
      assert.equal(
        shares.reduce((sum, share) => sum + share, 0),
        tasks,
      );
      assert.equal(shares.length, Math.min(tasks, processes));
      assert.ok(Math.min(...shares) >= 1 && Math.max(...shares) - Math.min(...shares) <= 1);
    }),
  );
});
