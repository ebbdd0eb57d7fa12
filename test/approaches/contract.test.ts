// What every approach promises that needs no database, tested once for all of them: whoever adds an approach to the registry
// is tested.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { APPROACHES, IN_MEMORY, type ApproachName } from '../../src/running/registry.ts';
import type { RunSize } from '../../src/running/work.ts';
import { until } from '../turns.ts';
import { contractWork, dishOf } from './contract-work.ts';

const SIZE: RunSize = { requests: 12, concurrency: 4, threads: 2 };
const PEAK: Readonly<Partial<Record<ApproachName, number>>> = {
  blocking: 1,
  sequential: 1,
  'promise-all': 12,
  'bounded-pool': 4,
  'stream-map': 4,
  paced: 4,
  // It begins with one, and would come to all.
  adaptive: 12,
  'worker-threads': 2,
};
const INPUTS = Array.from({ length: SIZE.requests }, (_, index) => index + 1);
const DISHES = INPUTS.map(dishOf);

for (const approach of IN_MEMORY.map((name) => APPROACHES[name])) {
  const peak = PEAK[approach.name] ?? assert.fail(`${approach.name} has no peak here`);
  /** So many start beside each other before the first of them has ended. */
  const together = approach.name === 'adaptive' ? 1 : peak;
  const isBlocking = approach.name === 'blocking';

  describe(approach.name, () => {
    test('is registered under its own name, with a summary', () => {
      assert.equal(APPROACHES[approach.name], approach);
      assert.notEqual(approach.summary, '');
    });

    test('keeps the order of the inputs and reaches its concurrency, and never more', async () => {
      const { work, counters } = contractWork({ together });
      await using opened = await approach.open(work, SIZE);
      assert.deepEqual(await opened.run(INPUTS), DISHES);
      assert.partialDeepStrictEqual(counters.read(), {
        started: 12,
        completed: 12,
        aborted: 0,
        inFlight: 0,
      });
      const { peakInFlight } = counters.read();
      assert.ok(peakInFlight >= together && peakInFlight <= peak, `${peakInFlight} in flight`);
      assert.equal(approach.concurrency(SIZE), peak);
    });

    test('returns nothing for no input, one result for one input, can run again, and starts nothing once the signal has aborted', async () => {
      const { work, counters } = contractWork();
      await using opened = await approach.open(work, SIZE);
      assert.deepEqual(await opened.run([]), []);
      assert.equal(counters.read().started, 0);
      assert.deepEqual(await opened.run([7]), ['dish 7']);
      assert.deepEqual(await opened.run([3, 2]), ['dish 3', 'dish 2']);
      assert.equal(counters.read().started, 3);
      const reason = new Error('the guests have left');
      await assert.rejects(opened.run(INPUTS, AbortSignal.abort(reason)), (error) => error === reason);
      assert.equal(counters.read().started, 3);
    });

    test('starts no more tasks than there are inputs, however many lanes it has', async () => {
      const { work, counters } = contractWork();
      const size: RunSize = { requests: 2, concurrency: 50, threads: 3 };
      await using opened = await approach.open(work, size);
      assert.deepEqual(await opened.run([5, 6]), ['dish 5', 'dish 6']);
      assert.equal(counters.read().started, 2);
      assert.equal(approach.concurrency(size), Math.min(peak, 2));
    });

    test('rejects with the first failure and starts no more than already stood beside it', async () => {
      // The failing task waits for its neighbours, and these stand still until they are stopped.
      const { work, counters, release } = contractWork({
        together,
        hold: true,
        failing: { input: 1, synchronously: false },
      });
      await using opened = await approach.open(work, SIZE);
      await assert.rejects(opened.run(INPUTS), { name: 'RangeError', message: 'order 1 burnt' });
      const { started } = counters.read();
      // A thread takes its next message in the moment between its own failure and the word of it.
      const late = approach.name === 'worker-threads' ? 1 : 0;
      assert.ok(started >= together && started <= together + late, `${started} started`);
      release();
    });

    test('rejects when a task throws synchronously, as it does for any other failure', async () => {
      const { work, release } = contractWork({ hold: true, failing: { input: 1, synchronously: true } });
      await using opened = await approach.open(work, SIZE);
      await assert.rejects(opened.run(INPUTS), { name: 'RangeError', message: 'order 1 burnt' });
      release();
    });

    // While a call blocks this thread, nobody can abort: blocking.test.ts aborts between two calls.
    test(
      'rejects with the reason of an abort in the middle, and starts nothing after it',
      {
        skip: isBlocking,
      },
      async () => {
        const { work, counters } = contractWork({ together, hold: true });
        await using opened = await approach.open(work, SIZE);
        const controller = new AbortController();
        const reason = new Error('the guests have left');
        const run = opened.run(INPUTS, controller.signal);
        await until(() => counters.read().started === together);
        controller.abort(reason);
        await assert.rejects(run, (error) => error === reason);
        assert.equal(counters.read().started, together);
      },
    );
  });
}
