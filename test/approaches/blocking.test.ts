// What blocking promises beyond the contract of all approaches: the thread stands still, and nothing is mixed up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking } from '../../src/approaches/blocking.ts';
import { synchronously } from '../../src/running/synchronously.ts';
import { withPatience } from '../patience.ts';
import { turn, until } from '../turns.ts';

const worker = (name: string) => new URL(`./workers/${name}.ts`, import.meta.url);
const left = new Error('the guests have left');

test('returns its results at once, not a promise of them', () => {
  assert.deepEqual(
    blocking([1, 2, 3], (input) => `dish ${input}`),
    ['dish 1', 'dish 2', 'dish 3'],
  );
});

test('starts nothing after a failure, and nothing after an abort between two calls', () => {
  const started: number[] = [];
  const controller = new AbortController();
  const task = (input: number) => {
    started.push(input);
    if (input === 2) controller.abort(left);
    if (input === 5) throw new RangeError('order 5 burnt');
  };
  assert.throws(() => blocking([1, 2, 3], task, controller), left);
  assert.deepEqual(started, [1, 2]);
  assert.throws(() => blocking([4, 5, 6], task), RangeError);
  assert.deepEqual(started, [1, 2, 4, 5]);
});

test('no turn of the event loop passes while a call waits for its answer', async () => {
  await using helper = synchronously<string, string>(worker('echo'));
  let turns = 0;
  const counting = setImmediate(function count() {
    turns++;
    setImmediate(count).unref();
  }).unref();
  await turn();
  const before = turns;
  assert.equal(helper.call('order 1'), 'echo of order 1');
  assert.equal(turns, before);
  clearImmediate(counting);
});

test('an error of the other thread is thrown with its name and message', async () => {
  await using helper = synchronously<string, string>(worker('echo'));
  assert.throws(() => helper.call('burn'), { name: 'RangeError', message: 'the order burnt' });
  assert.equal(helper.call('order 2'), 'echo of order 2', 'and the next call works');
});

test('a module that cannot be loaded is an error of the first call, not an endless wait', async () => {
  await using helper = synchronously<string, string>(worker('no-such-module'));
  assert.throws(() => helper.call('order 1'), /Cannot find module .*no-such-module/);
});

test('a call whose answer does not come in time fails, and a late answer is not taken for that of the next call', async () => {
  const callTwice = async (timeoutMs: number) => {
    const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    await using helper = synchronously<string, string>(worker('when-rung'), { workerData: bell, timeoutMs });
    const late = `the helper thread gave no answer for ${timeoutMs} ms`;
    assert.throws(() => helper.call('order 1'), { message: late });
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
    try {
      return helper.call('order 2');
    } catch (error) {
      return (error as Error).message;
    }
  };
  // Only the first call must be late. The second one is too where a thread takes longer than the limit to start.
  const second = await withPatience(callTwice, (answer) => !answer.includes('gave no answer'));
  assert.equal(second, 'echo of order 2');
});

test('a helper that ended between two calls is replaced, and its successor takes the call', async () => {
  const ends = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  await using helper = synchronously<string, string>(worker('ends-after'), {
    workerData: ends,
    timeoutMs: 30 * 60_000,
  });
  for (let call = 1; call <= 3; call++) {
    assert.equal(helper.call(`order ${call}`), `echo of order ${call}`);
    await until(() => Atomics.load(ends, 0) === call);
  }
});

test('a timeout that is no time is refused', () => {
  for (const timeoutMs of [NaN, -1]) {
    assert.throws(
      () => synchronously(worker('echo'), { timeoutMs }),
      new TypeError(`timeoutMs: expected a number from 0 up, got ${timeoutMs}`),
    );
  }
});
