import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { endings, GiveBack, jobQueue, workOff, type WorkedOff } from '../../src/approaches/job-queue.ts';
import { manyTurns, until } from '../turns.ts';
import { MemoryQueue } from './memory-queue.ts';

const burnt = new Error('the order burnt');
const left = new Error('the guests have left');
const double = async (input: number) => input * 2;

/** A worker that is stopped at the end of the test. */
function working(
  t: TestContext,
  queue: MemoryQueue<number, number>,
  task: Parameters<typeof workOff<number, number>>[1],
  options: {
    readonly concurrency: number;
    readonly graceMs?: number;
    readonly storeWithinMs?: number;
    readonly inHand?: number | (() => number);
  },
): { readonly stop: () => Promise<WorkedOff> } {
  const end = new AbortController();
  const work = workOff(queue, task, { longestPauseMs: 1, ...options, signal: end.signal });
  const stop = () => {
    end.abort();
    return work;
  };
  t.after(stop);
  return { stop };
}

describe('the submitter', () => {
  test('gets the outputs in the order of the inputs, whichever job ends first', async (t) => {
    const queue = new MemoryQueue<number, number>();
    const gate = Promise.withResolvers<void>();
    working(
      t,
      queue,
      async (input) => {
        if (input === 1) await gate.promise;
        if (input === 4) gate.resolve();
        return input * 2;
      },
      { concurrency: 2 },
    );
    assert.deepEqual(await jobQueue([1, 2, 3, 4], queue), [2, 4, 6, 8]);
  });

  test('has at most so many jobs waiting or running, and draws no more inputs than that', async (t) => {
    const queue = new MemoryQueue<number, number>();
    let drawn = 0;
    function* orders() {
      while (drawn < 20) yield drawn++;
    }
    const run = jobQueue(orders(), queue, { most: 4 });
    await until(() => queue.rows.size > 0);
    await manyTurns();
    assert.deepEqual([drawn, queue.rows.size], [4, 4]);
    let peak = 0;
    queue.before = () => {
      peak = Math.max(peak, queue.count('waits') + queue.count('taken'));
    };
    working(t, queue, double, { concurrency: 1 });
    assert.equal((await run).length, 20);
    assert.equal(peak, 4);
  });

  test('started again, finds the jobs that it had put, and their outputs', async (t) => {
    const queue = new MemoryQueue<number, number>();
    const called: number[] = [];
    const idOf = (input: number) => `order ${input}`;
    const guests = new AbortController();
    const first = jobQueue([1, 2, 3], queue, { idOf, signal: guests.signal });
    await until(() => queue.rows.size === 3);
    // As if it had been killed: nothing is taken back.
    queue.before = (verb) => (verb === 'withdraw' ? Promise.reject(left) : undefined);
    guests.abort(left);
    await assert.rejects(first, left);
    working(t, queue, (input) => double(called[called.push(input) - 1]!), {
      concurrency: 2,
    });
    assert.deepEqual(await jobQueue([3, 2, 1, 4], queue, { idOf }), [6, 4, 2, 8]);
    assert.deepEqual(called, [1, 2, 3, 4]);
    assert.deepEqual(await jobQueue([1, 2, 3, 4], queue, { idOf }), [2, 4, 6, 8]);
    assert.equal(called.length, 4);
  });

  test('takes back what no worker has begun when it is left, and says nothing of what a worker has', async (t) => {
    const queue = new MemoryQueue<number, number>();
    const guests = new AbortController();
    const gate = Promise.withResolvers<number>();
    working(t, queue, () => gate.promise, { concurrency: 1 });
    const run = jobQueue([1, 2, 3], queue, { signal: guests.signal });
    await until(() => queue.count('taken') === 1);
    guests.abort(left);
    await assert.rejects(run, left);
    assert.deepEqual([queue.count('waits'), queue.count('taken')], [0, 1]);
    assert.equal(getEventListeners(guests.signal, 'abort').length, 0);
    gate.resolve(2);
  });

  test('a job that fails for good ends the run; endings goes on', async (t) => {
    const task = async (input: number) => {
      if (input === 2) throw burnt;
      return input * 2;
    };
    const queue = new MemoryQueue<number, number>({ attempts: 3 });
    working(t, queue, task, { concurrency: 1 });
    await assert.rejects(jobQueue([1, 2, 3], queue), burnt);
    assert.equal(queue.calls.filter((call) => call === 'fail').length, 3);

    const others = new MemoryQueue<number, number>({ attempts: 3 });
    working(t, others, task, { concurrency: 1 });
    const found = await Array.fromAsync(endings([1, 2, 3], others));
    assert.deepEqual(
      found.toSorted(([a], [b]) => a - b),
      [
        [0, { id: '0', attempts: 1, output: 2 }],
        [1, { id: '1', attempts: 3, reason: burnt }],
        [2, { id: '2', attempts: 1, output: 6 }],
      ],
    );
  });

  test('two inputs with one id are refused, and nothing is put', async () => {
    const queue = new MemoryQueue<number, number>();
    await assert.rejects(
      jobQueue([1, 1], queue, { idOf: String }),
      new TypeError("idOf: expected another id for each input, got '1' twice"),
    );
    assert.equal(queue.rows.size, 0);
  });
});

describe('the worker', () => {
  async function filled(count: number): Promise<MemoryQueue<number, number>> {
    const queue = new MemoryQueue<number, number>();
    await queue.put(Array.from({ length: count }, (_, input) => ({ id: String(input), input })));
    queue.calls.length = 0;
    return queue;
  }

  test('takes as many as lanes are free, stores together what ends together, and makes no waves', async (t) => {
    const queue = await filled(6);
    const gates = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
    working(t, queue, (input) => gates[input]!.promise, { concurrency: 3 });
    await until(() => queue.count('taken') === 3);
    gates[0]!.resolve(0);
    gates[1]!.resolve(1);
    await until(() => queue.count('ended') === 2 && queue.count('taken') === 3);
    // The slow job 2 holds up its own lane only.
    gates[3]!.resolve(3);
    await until(() => queue.count('taken') === 3 && queue.count('waits') === 0);
    for (const { resolve } of gates) resolve(9);
    await until(() => queue.count('ended') === 6);
    assert.deepEqual(
      queue.calls.filter((call) => call.startsWith('take')),
      ['take 3 of 3', 'take 2 of 2', 'take 1 of 1'],
    );
    assert.deepEqual(queue.calls.filter((call) => call.startsWith('complete')).slice(0, 2), [
      'complete 2',
      'complete 1',
    ]);
  });

  test('outputs that come while others are being stored are stored together', async (t) => {
    const queue = await filled(4);
    const gate = Promise.withResolvers<void>();
    let stores = 0;
    queue.before = (verb) => (verb === 'complete' && ++stores === 1 ? gate.promise : undefined);
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
    working(t, queue, (input) => gates[input]!.promise, { concurrency: 4 });
    await until(() => queue.count('taken') === 4);
    gates[0]!.resolve(0);
    await until(() => stores === 1);
    for (const { resolve } of gates) {
      resolve(1);
      await manyTurns();
    }
    gate.resolve();
    await until(() => queue.count('ended') === 4);
    assert.deepEqual(queue.calls, ['take 4 of 4', 'complete 1', 'complete 3']);
  });

  test('stopped, takes nothing more, and finishes what it has', async (t) => {
    const queue = await filled(3);
    const gate = Promise.withResolvers<number>();
    const worker = working(t, queue, () => gate.promise, { concurrency: 1, graceMs: Infinity });
    await until(() => queue.count('taken') === 1);
    const end = worker.stop();
    await manyTurns();
    gate.resolve(7);
    assert.deepEqual(await end, { completed: 1, failed: 0, givenBack: 0 });
    assert.deepEqual([queue.count('ended'), queue.count('waits')], [1, 2]);
  });

  test('a task that has no time left is stopped by its signal, and its job waits again', async (t) => {
    const queue = await filled(1);
    const worker = working(
      t,
      queue,
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
      { concurrency: 1, graceMs: 0 },
    );
    await until(() => queue.count('taken') === 1);
    assert.deepEqual(await worker.stop(), { completed: 0, failed: 0, givenBack: 1 });
    assert.deepEqual(
      [...queue.rows.values()].map(({ state, attempts }) => [state, attempts]),
      [['waits', 0]],
    );
  });

  test('what was taken while it was being stopped is given back', async (t) => {
    const queue = await filled(1);
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    queue.before = (verb) => (verb === 'take' && ++asked === 1 ? gate.promise : undefined);
    const worker = working(t, queue, double, { concurrency: 1 });
    await until(() => asked === 1);
    const end = worker.stop();
    gate.resolve();
    await end;
    assert.deepEqual(queue.calls, ['take 1 of 1', 'give back 1']);
  });

  test('has so many more jobs in hand, begins the next one as soon as a lane is free, and gives the rest back', async (t) => {
    const queue = await filled(5);
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
    const begun: number[] = [];
    const task = (input: number) => {
      begun.push(input);
      return gates[input]!.promise;
    };
    const worker = working(t, queue, task, { concurrency: 1, inHand: 2 });
    await until(() => queue.count('taken') === 3);
    // The database answers no more, and the lane need not wait for it.
    const gate = Promise.withResolvers<void>();
    queue.before = (verb) => (verb === 'take' ? gate.promise : undefined);
    gates[0]!.resolve(0);
    await until(() => begun.length === 2);
    const end = worker.stop();
    gate.resolve();
    gates[1]!.resolve(1);
    assert.deepEqual(await end, { completed: 2, failed: 0, givenBack: 2 });
    assert.deepEqual([begun, queue.count('waits')], [[0, 1], 3]);
  });

  test('lets outputs wait for each other while it has other jobs, and stores the last ones at once', async (t) => {
    const queue = await filled(5);
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
    const stored: number[] = [];
    queue.before = (verb) => void (verb === 'complete' && stored.push(queue.count('ended')));
    const options = { concurrency: 1, inHand: 9, storeWithinMs: 24 * 60 * 60 * 1000 };
    const worker = working(t, queue, (input: number) => gates[input]!.promise, options);
    await until(() => queue.count('taken') === 5);
    for (const input of [0, 1, 2, 3]) gates[input]!.resolve(input);
    await manyTurns();
    assert.deepEqual(stored, []);
    gates[4]!.resolve(4);
    await until(() => queue.count('ended') === 5);
    assert.deepEqual(stored, [0], 'one statement, before which none was stored');
    assert.deepEqual(await worker.stop(), { completed: 5, failed: 0, givenBack: 0 });
  });

  test('stopped, it stores the outputs that wait', async (t) => {
    const queue = await filled(2);
    const gates = Array.from({ length: 2 }, () => Promise.withResolvers<number>());
    const options = { concurrency: 2, storeWithinMs: 24 * 60 * 60 * 1000 };
    const worker = working(t, queue, (input: number) => gates[input]!.promise, options);
    await until(() => queue.count('taken') === 2);
    gates[0]!.resolve(0);
    await manyTurns();
    assert.equal(queue.count('ended'), 0);
    const end = worker.stop();
    await until(() => queue.count('ended') === 1);
    gates[1]!.resolve(1);
    assert.deepEqual(await end, { completed: 2, failed: 0, givenBack: 0 });
  });

  test('asks before each question how many jobs to have in hand', async (t) => {
    const queue = await filled(9);
    let inHand = 3;
    const gate = Promise.withResolvers<void>();
    const worker = working(t, queue, () => gate.promise.then(() => 1), {
      concurrency: 1,
      inHand: () => inHand,
    });
    await until(() => queue.count('taken') === 4);
    inHand = 0;
    gate.resolve();
    // The four of the hand, and then one at a time.
    await until(() => queue.count('ended') === 9);
    assert.deepEqual(await worker.stop(), { completed: 9, failed: 0, givenBack: 0 });
  });

  test('a task hands back a job that is not for it', async (t) => {
    const queue = await filled(2);
    let refused = 0;
    working(
      t,
      queue,
      (input) => {
        if (input === 0 && refused++ === 0) throw new GiveBack('of another version', 1000);
        return input;
      },
      { concurrency: 1 },
    );
    await until(() => queue.count('ended') === 2);
    assert.equal(queue.rows.get('0')?.attempts, 1);
    assert.ok(!queue.calls.includes('fail'));
  });

  for (const verb of ['take', 'complete', 'fail', 'giveBack']) {
    test(`a queue that fails at ${verb} ends it, once its tasks have ended`, async () => {
      const queue = await filled(4);
      const gone = new Error('the database is gone');
      let isRunning = false;
      const end = new AbortController();
      queue.before = async (called) => {
        if (called === verb && (verb !== 'take' || queue.count('taken') > 0)) throw gone;
      };
      const work = workOff(
        queue,
        async (input, signal) => {
          if (input === 0) {
            if (verb === 'fail') throw burnt;
            if (verb === 'giveBack') throw new GiveBack('not mine', 0);
            return input;
          }
          isRunning = true;
          if (!signal.aborted) await once(signal, 'abort');
          await manyTurns();
          isRunning = false;
          return input;
        },
        { concurrency: 3, signal: end.signal },
      );
      await assert.rejects(work, gone);
      assert.equal(isRunning, false);
      assert.equal(getEventListeners(end.signal, 'abort').length, 0);
    });
  }
});
