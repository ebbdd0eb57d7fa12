// The loop of lesson 19 as one would copy it: what the lesson's own run does not show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSlices } from '../../lessons/19-slicing.ts';

/** Items that take so many milliseconds each on a clock of their own, and after which of them there was a rest. */
async function restsAfter(takes: readonly number[], sliceMs: number): Promise<number[]> {
  const rests: number[] = [];
  let clock = 0;
  let done = 0;
  const step = (ms: number) => {
    clock += ms;
    done++;
  };
  const rest = async () => {
    rests.push(done);
    clock += 100; // what others did meanwhile is no part of the next slice
  };
  await inSlices(takes, step, { sliceMs, now: () => clock, rest });
  return rests;
}

test('a slice ends with the item that fills it: short items share one, a long one has its own', async () => {
  assert.deepEqual(await restsAfter([1, 1, 1, 1, 1, 1, 1], 3), [3, 6]);
  assert.deepEqual(await restsAfter([9, 1, 1, 9, 1], 3), [1, 4]);
  assert.deepEqual(await restsAfter([], 3), []);
});

test('with the clock and the turns of Node every item has its turn, in order', async () => {
  const seen: number[] = [];
  await inSlices([3, 1, 2], (item) => seen.push(item), { sliceMs: 0 });
  assert.deepEqual(seen, [3, 1, 2]);
});

test('a signal that has aborted before lets nothing begin', async () => {
  const reason = new Error('closed today');
  const began = inSlices([1], () => assert.fail('it began'), {
    sliceMs: 1,
    signal: AbortSignal.abort(reason),
  });
  await assert.rejects(began, (error) => error === reason);
});

test('an item that fails ends the work with its error, and a call-off with its reason; the items are closed', async () => {
  const failure = new Error('no such dish');
  for (const end of ['a failure', 'a call-off']) {
    const stop = new AbortController();
    let closed = 0;
    function* items() {
      try {
        for (let id = 1; ; id++) yield id;
      } finally {
        closed++;
      }
    }
    const step = (id: number) => {
      if (id < 3) return;
      if (end === 'a failure') throw failure;
      stop.abort(failure);
    };
    const work = inSlices(items(), step, { sliceMs: 0, signal: stop.signal });
    await assert.rejects(work, (error) => error === failure, end);
    assert.equal(closed, 1, end);
  }
});
