// The time limit of a task, in virtual time.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { GRACE_MS, timed } from '../../src/jobs/timed.ts';

/** A call whose end the test decides. */
function opened(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const task = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const hanging: number[] = [];
  const call = timed<number, string>(
    (_, signal) => {
      signals.push(signal);
      return task.promise;
    },
    { timeoutMs: 100, onHanging: (input) => hanging.push(input) },
  );
  return { task, hanging, call, signal: () => signals[0]! };
}

/** Whether a promise has settled, without waiting for it. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = {};
  const first = await Promise.race([promise.catch(() => {}), Promise.resolve(pending)]);
  return first !== pending;
}

test('a call that ends in time is its result, and its signal stays quiet', async (t) => {
  const { task, hanging, call, signal } = opened(t);
  const running = Promise.resolve(call(7));
  task.resolve('done');
  assert.equal(await running, 'done');
  t.mock.timers.tick(100 + GRACE_MS);
  assert.deepEqual([signal().aborted, hanging], [false, []]);
});

test('when the time is up the signal aborts, and the call keeps its place until it has really ended', async (t) => {
  const { task, hanging, call, signal } = opened(t);
  const running = Promise.resolve(call(7));
  t.mock.timers.tick(100);
  assert.equal(signal().aborted, true);
  assert.equal(await isSettled(running), false);
  // It did not hear its signal, and its result comes too late to count.
  task.resolve('done');
  await assert.rejects(running, { name: 'TimeoutError' });
  t.mock.timers.tick(GRACE_MS);
  assert.deepEqual(hanging, []);
});

test('a call that does not end at its signal either is told of, once', async (t) => {
  const { hanging, call } = opened(t);
  const running = Promise.resolve(call(7));
  t.mock.timers.tick(100);
  t.mock.timers.tick(GRACE_MS - 1);
  assert.deepEqual(hanging, []);
  t.mock.timers.tick(1);
  assert.deepEqual(hanging, [7]);
  assert.equal(await isSettled(running), false);
});

test('an abort from outside reaches the task, and one that does not hear it is told of too', (t) => {
  const { hanging, call, signal } = opened(t);
  const stop = new AbortController();
  void Promise.resolve(call(7, stop.signal)).catch(() => {});
  stop.abort(new Error('enough'));
  assert.equal(signal().reason, stop.signal.reason);
  t.mock.timers.tick(GRACE_MS);
  assert.deepEqual(hanging, [7]);
});

test('what is no promise is returned at once, and stays synchronous', () => {
  const call = timed<number, number>((input) => 2 * input, {
    timeoutMs: 100,
    onHanging: () => assert.fail('it hangs'),
  });
  assert.equal(call(21), 42);
});
