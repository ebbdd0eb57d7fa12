// What all approaches promise about inputs, results and aborts, as a reader calls them: without jobs and records around.
// contract.test.ts has the same promises for the approaches as the workbench runs them, with real threads.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { adaptive } from '../../src/approaches/adaptive.ts';
import { blocking } from '../../src/approaches/blocking.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { jobQueue, workOff } from '../../src/approaches/job-queue.ts';
import { paced } from '../../src/approaches/paced.ts';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import { retried } from '../../src/approaches/retry.ts';
import { sequential } from '../../src/approaches/sequential.ts';
import { settled } from '../../src/approaches/settled.ts';
import { streamMap } from '../../src/approaches/stream-map.ts';
import { batchSizeFor, workerThreads } from '../../src/approaches/worker-threads.ts';
import { synchronously } from '../../src/running/synchronously.ts';
import { manyTurns, until } from '../turns.ts';
import { MemoryQueue } from './memory-queue.ts';

const burnt = new Error('the order burnt');
const left = new Error('the guests have left');

type Task = (input: unknown, signal?: AbortSignal) => unknown;
type Inputs = Iterable<unknown> | AsyncIterable<unknown>;
interface Approach {
  readonly run: (inputs: Inputs, task: Task, options?: { signal?: AbortSignal }) => Promise<unknown[]>;
  readonly takesAsync: boolean;
  readonly awaitsResults: boolean;
}

const APPROACHES: Record<string, Approach> = {
  blocking: {
    run: async (inputs, task, options) =>
      blocking(inputs as Iterable<unknown>, (input) => task(input), options),
    takesAsync: false,
    awaitsResults: false,
  },
  sequential: { run: sequential, takesAsync: true, awaitsResults: true },
  promiseAll: {
    run: (inputs, task, options) => promiseAll(inputs as Iterable<unknown>, task, options),
    takesAsync: false,
    awaitsResults: true,
  },
  boundedPool: {
    run: (inputs, task, options) => boundedPool(inputs, task, { ...options, concurrency: 2 }),
    takesAsync: true,
    awaitsResults: true,
  },
  streamMap: {
    run: (inputs, task, options) =>
      streamMap(inputs as Iterable<unknown>, task, { ...options, concurrency: 2 }),
    takesAsync: false,
    awaitsResults: true,
  },
  paced: {
    run: (inputs, task, options) =>
      paced(inputs as Iterable<unknown>, task, { ...options, perSecond: 10_000, concurrency: 2 }),
    takesAsync: false,
    awaitsResults: true,
  },
  adaptive: {
    run: (inputs, task, options) => adaptive(inputs as Iterable<unknown>, task, options),
    takesAsync: false,
    awaitsResults: true,
  },
  workerThreads: {
    run: (inputs, task, options) =>
      workerThreads(
        inputs as Iterable<unknown>,
        { run: async (batch, { signal }) => [await task(batch[0], signal)] },
        options,
      ),
    takesAsync: false,
    awaitsResults: true,
  },
  jobQueue: {
    run: (inputs, task, options) => throughAQueue(inputs as Iterable<unknown>, task, options?.signal),
    takesAsync: false,
    awaitsResults: true,
  },
};

/** A submitter and a worker of one lane, in one process. */
async function throughAQueue(
  inputs: Iterable<unknown>,
  task: Task,
  signal?: AbortSignal,
): Promise<unknown[]> {
  const queue = new MemoryQueue<unknown, unknown>();
  const end = new AbortController();
  const stop = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
  const work = workOff(queue, task, { concurrency: 1, signal: stop, longestPauseMs: 1, graceMs: 0 });
  try {
    return await jobQueue(inputs, queue, { signal });
  } finally {
    end.abort();
    await work;
  }
}

/** A thenable that is no promise, as query builders return them. */
const thenable = (value: unknown, fails = false) => ({
  // oxlint-disable-next-line unicorn/no-thenable
  then(resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
    if (fails) reject(value);
    else resolve(value);
  },
});

/** An async iterator made by hand: it may give promises, which an async generator would wait for. */
const handMade = (...values: unknown[]): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]() {
    const iterator = values.values();
    return { next: async () => iterator.next() };
  },
});

for (const [name, { run, takesAsync, awaitsResults }] of Object.entries(APPROACHES)) {
  describe(name, () => {
    test('hands a task what the iterable yields: of a promise, the promise', async () => {
      const promises = [Promise.resolve(1), Promise.resolve(2)];
      const seen: unknown[] = [];
      const note = (input: unknown) => seen.push(input);
      await run(promises, note);
      assert.deepEqual([seen.length, seen[0] === promises[0], seen[1] === promises[1]], [2, true, true]);
      if (!takesAsync) return;
      await run(handMade(...promises), note);
      assert.deepEqual([seen.length, seen[2] === promises[0], seen[3] === promises[1]], [4, true, true]);
    });

    test('takes an iterable whose Symbol.asyncIterator is undefined or null for what it is', async () => {
      for (const nothing of [undefined, null]) {
        const inputs = Object.assign([1, 2], { [Symbol.asyncIterator]: nothing });
        assert.deepEqual(await run(inputs as Iterable<number>, (input) => input), [1, 2]);
      }
    });

    if (!takesAsync) {
      test('refuses an async iterable with a TypeError, and calls no task', async () => {
        let calls = 0;
        await assert.rejects(
          run(handMade(1), () => calls++),
          TypeError,
        );
        assert.equal(calls, 0);
      });
    }

    if (awaitsResults) {
      test('waits for a thenable as for a promise, also for its failure', async () => {
        assert.deepEqual(await run([1, 2], (input) => thenable([input])), [[1], [2]]);
        await assert.rejects(
          run([1, 2], () => thenable(burnt, true)),
          burnt,
        );
      });
    }

    test('a signal that has aborted before: no input is drawn, no task is called', async () => {
      const seen: unknown[] = [];
      function* orders() {
        seen.push('drawn');
        yield 1;
      }
      const options = { signal: AbortSignal.abort(left) };
      await assert.rejects(
        run(orders(), () => seen.push('called'), options),
        left,
      );
      assert.deepEqual(seen, []);
    });

    test('an abort from inside a task, also from the last one: nothing starts after it, and the reason is thrown', async () => {
      for (const count of [1, 5]) {
        const guests = new AbortController();
        const called: unknown[] = [];
        const task = (input: unknown) => {
          called.push(input);
          guests.abort(left);
        };
        const inputs = Array.from({ length: count }, (_, index) => index);
        await assert.rejects(run(inputs, task, { signal: guests.signal }), left);
        assert.deepEqual(called, [0]);
        assert.equal(getEventListeners(guests.signal, 'abort').length, 0);
      }
    });

    test('whatever a task throws arrives as it is', async () => {
      for (const thrown of [undefined, null, 0, Object.create(null) as object, Object.freeze({})]) {
        const outcome = await run([1, 2], () => {
          // oxlint-disable-next-line typescript/only-throw-error
          throw thrown;
        }).catch((reason: unknown) => [reason === thrown]);
        assert.deepEqual(outcome, [true]);
      }
    });

    if (!takesAsync) return;

    test('an abort ends the wait for a source that never answers', async () => {
      let closed = 0;
      const silent: AsyncIterable<unknown> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<never>(() => {}),
          return: async () => {
            closed++;
            return { done: true, value: undefined };
          },
        }),
      };
      const guests = new AbortController();
      const running = run(silent, () => {}, { signal: guests.signal });
      await manyTurns();
      guests.abort(left);
      await assert.rejects(running, left);
      assert.equal(closed, 1);
      assert.equal(getEventListeners(guests.signal, 'abort').length, 0);
    });

    for (const way of ['abort', 'failure'] as const) {
      test(`a source whose return() never settles cannot hold up an end by ${way}`, async () => {
        const guests = new AbortController();
        let input = 0;
        const inputs: AsyncIterable<unknown> = {
          [Symbol.asyncIterator]: () => ({
            next: async () => ({ done: false, value: input++ }),
            return: () => new Promise<never>(() => {}),
          }),
        };
        const task = () => {
          if (way === 'failure') throw burnt;
          guests.abort(left);
        };
        await assert.rejects(run(inputs, task, { signal: guests.signal }), way === 'failure' ? burnt : left);
      });

      test(`an async generator has cleaned up when the end by ${way} is told`, async () => {
        const guests = new AbortController();
        let isClean = false;
        async function* orders() {
          try {
            yield 1;
            yield 2;
          } finally {
            await manyTurns();
            isClean = true;
          }
        }
        const task = async (input: unknown) => {
          // So that the pool, too, waits for nothing but its tasks: both lanes have one.
          if (input === 1) await manyTurns();
          if (way === 'failure') throw burnt;
          guests.abort(left);
        };
        await assert.rejects(
          run(orders(), task, { signal: guests.signal }),
          way === 'failure' ? burnt : left,
        );
        assert.equal(isClean, true);
      });
    }
  });
}

describe('wrappers', () => {
  const wrappers: Record<string, (task: Task) => (input: unknown, signal?: AbortSignal) => Promise<unknown>> =
    {
      settled,
      retried: (task) => retried(task, { idempotent: true, budget: 5 }),
    };
  for (const [name, wrap] of Object.entries(wrappers)) {
    test(`${name}: a task is not called when the signal has aborted before`, async () => {
      let calls = 0;
      const outcome = await wrap(() => calls++)(1, AbortSignal.abort(left)).catch((reason: unknown) => ({
        status: 'rejected',
        reason,
      }));
      assert.deepEqual([outcome, calls], [{ status: 'rejected', reason: left }, 0]);
    });
  }
});

test('the pool takes the first end of an async source as its end: it waits for nothing that it asked for later', async () => {
  let asked = 0;
  const seen: unknown[] = [];
  // A queue: once closed it answers one of those who wait, and never the others.
  const close = Promise.withResolvers<void>();
  const queue: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const place = asked++;
        if (place < 3) return { done: false, value: place };
        if (place > 3) return new Promise<never>(() => {});
        await close.promise;
        return { done: true, value: undefined };
      },
    }),
  };
  const run = boundedPool(queue, (input) => seen.push(input), { concurrency: 3 });
  await until(() => asked > 4);
  close.resolve();
  assert.equal((await run).length, 3);
  assert.deepEqual(seen, [0, 1, 2]);
});

test('the pool keeps the order when tasks end at once, however many inputs there are', async () => {
  const count = 10_000;
  const results = await boundedPool(Array(count).keys(), async (input) => input, { concurrency: Infinity });
  assert.deepEqual(results, [...Array(count).keys()]);
});

/** Options that are numbers: who has them, what is expected, and how to hand over a value that is no number. */
const NUMBERS: Record<string, readonly [expected: string, run: (value: never) => unknown]> = {
  'blocking timeoutMs': [
    'a number from 0 up',
    (timeoutMs) => synchronously(new URL('workers/echo.ts', import.meta.url), { timeoutMs }),
  ],
  'boundedPool concurrency': [
    'a positive integer or Infinity',
    (concurrency) => boundedPool([], String, { concurrency }),
  ],
  'streamMap concurrency': ['a positive integer', (concurrency) => streamMap([], String, { concurrency })],
  'streamMap highWaterMark': [
    'an integer from 0 up',
    (highWaterMark) => streamMap([], String, { concurrency: 2, highWaterMark }),
  ],
  'paced perSecond': ['a number above 0', (perSecond) => paced([], String, { perSecond })],
  'paced concurrency': [
    'a positive integer or Infinity',
    (concurrency) => paced([], String, { perSecond: 1, concurrency }),
  ],
  'adaptive most': ['a positive integer or Infinity', (most) => adaptive([], String, { most })],
  'adaptive attempts': ['a positive integer or Infinity', (attempts) => adaptive([], String, { attempts })],
  'jobQueue most': ['a positive integer', (most) => jobQueue([], new MemoryQueue(), { most })],
  'workOff concurrency': [
    'a positive integer',
    (concurrency) => workOff(new MemoryQueue(), String, { concurrency }),
  ],
  'workOff graceMs': [
    'a number from 0 up',
    (graceMs) => workOff(new MemoryQueue(), String, { concurrency: 1, graceMs }),
  ],
  'workOff inHand': [
    'an integer from 0 up',
    (inHand) => workOff(new MemoryQueue(), String, { concurrency: 1, inHand }),
  ],
  'workOff longestPauseMs': [
    'a number from 0 up',
    (longestPauseMs) => workOff(new MemoryQueue(), String, { concurrency: 1, longestPauseMs }),
  ],
  'workerThreads batchSize': [
    'a positive integer or Infinity',
    (batchSize) => workerThreads([], { run: async () => [] }, { batchSize }),
  ],
  'batchSizeFor costMs': ['a number from 0 up', (costMs) => batchSizeFor({ costMs, count: 1, threads: 1 })],
  'batchSizeFor count': ['an integer from 0 up', (count) => batchSizeFor({ costMs: 1, count, threads: 1 })],
  'batchSizeFor threads': ['a positive integer', (threads) => batchSizeFor({ costMs: 1, count: 1, threads })],
  'retried budget': ['an integer from 0 up', (budget) => retried(String, { idempotent: true, budget })],
  'retried attempts': [
    'a positive integer',
    (attempts) => retried(String, { idempotent: true, budget: 1, attempts }),
  ],
  'retried baseMs': [
    'a finite number from 0 up',
    (baseMs) => retried(String, { idempotent: true, budget: 1, baseMs }),
  ],
  'retried maxMs': ['a number from 0 up', (maxMs) => retried(String, { idempotent: true, budget: 1, maxMs })],
};

for (const [name, [expected, run]] of Object.entries(NUMBERS)) {
  test(`${name}: what is no number is refused with what was expected and what came`, async () => {
    const [, option] = name.split(' ');
    for (const odd of [Symbol('four'), 4n, '4', null, true, {}, [4], new Date(4), NaN, -Infinity]) {
      await assert.rejects(
        async () => run(odd as never),
        new TypeError(`${option}: expected ${expected}, got ${inspect(odd)}`),
      );
    }
  });
}
