// What workerThreads promises beyond the contract of all approaches: how inputs become messages. The pool is a
// stand-in that notes what it is sent; contract.test.ts has the real threads.
import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { assert as check, integer, double, property } from 'fast-check';
import { Piscina } from 'piscina';
import { batchSizeFor, workerThreads } from '../../src/approaches/worker-threads.ts';

const burnt = new Error('the order burnt');
type Run = (inputs: number[], options?: { signal?: unknown }) => Promise<string[]>;
const poolOf = (run: Run) => ({ run }) as unknown as Parameters<typeof workerThreads<number, string>>[1];

describe('batchSizeFor', () => {
  test('sends inputs one by one when one is worth a message', () => {
    assert.equal(batchSizeFor({ costMs: 20, count: 1000, threads: 2 }), 1);
  });

  test('sends cheap tasks in batches that are worth a message', () => {
    assert.equal(batchSizeFor({ costMs: 0.01, count: 100_000, threads: 2 }), 500);
  });

  test('leaves every thread several batches to take, and never sends none', () => {
    const threads = integer({ min: 1, max: 64 });
    const count = integer({ min: 0, max: 1_000_000 });
    const costMs = double({ min: 0, max: 1000, noNaN: true });
    check(
      property(threads, count, costMs, (threads, count, costMs) => {
        const size = batchSizeFor({ costMs, count, threads });
        assert.ok(Number.isInteger(size) && size >= 1);
        if (size > 1) assert.ok(Math.ceil(count / size) >= 4 * threads, `${count} in batches of ${size}`);
      }),
    );
  });
});

test('batchSizeFor refuses numbers out of their range', () => {
  const fine = { costMs: 1, count: 10, threads: 2 };
  const wrong = {
    costMs: [-1, NaN, '1', null],
    count: [-1, NaN, 1.5, Infinity, '1'],
    threads: [0, -1, NaN, 1.5, Infinity, 2n],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      assert.throws(() => batchSizeFor({ ...fine, [name]: value }), {
        name: 'TypeError',
        message: new RegExp(`^${name}: expected an? .*, got `),
      });
    }
  }
});

describe('workerThreads', () => {
  for (const batchSize of [NaN, 0, -1, 1.5, -Infinity, '2', null, 2n]) {
    test(`refuses batches of ${inspect(batchSize)}, and sends nothing`, async () => {
      let sent = 0;
      const pool = poolOf(async () => {
        sent++;
        return [];
      });
      await assert.rejects(
        workerThreads([1, 2, 3], pool, { batchSize: batchSize as number }),
        new TypeError(`batchSize: expected a positive integer or Infinity, got ${inspect(batchSize)}`),
      );
      assert.equal(sent, 0);
    });
  }

  test('sends all inputs in one message when the batches may be endless', async () => {
    const pool = poolOf(async (inputs) => [`dishes ${inputs.join()}`, ...inputs.slice(1).map(() => '')]);
    assert.deepEqual(await workerThreads([1, 2], pool, { batchSize: Infinity }), ['dishes 1,2', '']);
  });

  test('whatever a task throws in a thread of piscina arrives as it is', async () => {
    await using pool = new Piscina<unknown[], unknown[]>({
      filename: new URL('./workers/throws.ts', import.meta.url).href,
      maxThreads: 1,
    });
    pool.on('error', () => {});
    const thrown = [undefined, null, 0, '', { frozen: true }, [1]];
    for (const [index, expected] of thrown.entries()) {
      const outcome = await workerThreads<unknown, unknown>([index], pool).then(
        (results) => ({ results }),
        (reason: unknown) => ({ reason }),
      );
      assert.deepEqual(outcome, { reason: expected });
    }
  });

  test('a failure of undefined stops the other batches as any other does', async () => {
    const reasons: unknown[] = [];
    const pool = poolOf(async ([input], options) => {
      if (input === 1) throw undefined;
      const signal = options?.signal as AbortSignal;
      await once(signal, 'abort');
      reasons.push(signal.aborted);
      throw new Error('a thread was ended');
    });
    const outcome = await workerThreads([1, 2], pool).catch((reason: unknown) => ({ reason }));
    assert.deepEqual([outcome, reasons], [{ reason: undefined }, [true]]);
  });

  test('an answer that has not one result for each input is an error, not a shift of the results', async () => {
    for (const [answer, got] of [
      [['a'], '1 results'],
      [['a', 'b', 'c'], '3 results'],
      ['ab', "'ab'"],
      [undefined, 'undefined'],
    ] as const) {
      const pool = poolOf(async () => answer as unknown as string[]);
      await assert.rejects(
        workerThreads([1, 2], pool, { batchSize: 2 }),
        new TypeError(`a batch of 2: expected an array of 2 results, got ${got}`),
      );
    }
  });

  test('an abort while the inputs are drawn sends nothing, and no listener stays', async () => {
    const guests = new AbortController();
    let sent = 0;
    const pool = poolOf(async () => {
      sent++;
      return ['dish'];
    });
    function* orders() {
      yield 1;
      guests.abort(burnt);
      yield 2;
    }
    await assert.rejects(workerThreads(orders(), pool, { signal: guests.signal }), burnt);
    assert.equal(sent, 0);
    assert.equal(getEventListeners(guests.signal, 'abort').length, 0);
  });

  test('sends each input once, in batches, and joins the answers in order though they come in any', async () => {
    const sent: number[][] = [];
    const answers: Array<() => void> = [];
    const pool = poolOf((inputs) => {
      sent.push(inputs);
      const { promise, resolve } = Promise.withResolvers<string[]>();
      answers.push(() => resolve(inputs.map((input) => `dish ${input}`)));
      return promise;
    });
    const run = workerThreads([1, 2, 3, 4, 5], pool, { batchSize: 2 });
    assert.deepEqual(sent, [[1, 2], [3, 4], [5]]);
    for (const answer of answers.toReversed()) answer();
    assert.deepEqual(await run, ['dish 1', 'dish 2', 'dish 3', 'dish 4', 'dish 5']);
  });

  test('tells all other batches to stop at the first failure, and waits until they have', async () => {
    const stopped: number[] = [];
    const pool = poolOf(async ([input], options) => {
      if (input === 2) throw burnt;
      const signal = options?.signal as AbortSignal;
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => {
        stopped.push(input!);
        reject(new Error('a thread was ended'));
      });
      return promise;
    });
    await assert.rejects(workerThreads([1, 2, 3], pool), burnt);
    assert.deepEqual(stopped, [1, 3]);
  });

  test('sends nothing when the inputs themselves throw', async () => {
    let sent = 0;
    const pool = poolOf(async () => {
      sent++;
      return [];
    });
    function* orders() {
      yield 1;
      throw burnt;
    }
    await assert.rejects(workerThreads(orders(), pool), burnt);
    assert.equal(sent, 0);
  });
});
