// What the pool promises beyond the contract of all approaches: inputs that are endless, slow, silent or hostile.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { manyTurns, turn, until } from '../turns.ts';

const burnt = new Error('the order burnt');
const left = new Error('the guests have left');

/** Numbers from 1, without end unless `last` is given, that note how often they were asked and closed. */
function orders({ last = Infinity, next = (place: number) => ({ done: place > last, value: place }) } = {}) {
  const seen = { asked: 0, closed: 0 };
  const iterator = {
    next: () => next(++seen.asked),
    return() {
      seen.closed++;
      return { done: true, value: undefined };
    },
  };
  return { seen, inputs: { [Symbol.iterator]: () => iterator } as Iterable<number> };
}

/** An async iterator of one's own: `next` gets the place of the call, counted from 1. */
function slowOrders(next: (place: number) => Promise<IteratorResult<number>>) {
  const seen = { asked: 0, closed: 0 };
  const iterator = {
    next: () => next(++seen.asked),
    async return() {
      seen.closed++;
      return { done: true as const, value: undefined };
    },
  };
  return { seen, inputs: { [Symbol.asyncIterator]: () => iterator } as AsyncIterable<number> };
}

/** Tasks that stand still until they are served, by input. */
function kitchen() {
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  const signals: AbortSignal[] = [];
  return {
    waiting,
    signals,
    task: (input: number, signal?: AbortSignal) => {
      const order = Promise.withResolvers<string>();
      waiting.set(input, order);
      signals.push(signal!);
      return order.promise;
    },
    serve: (input: number) => {
      waiting.get(input)!.resolve(`dish ${input}`);
      waiting.delete(input);
    },
    burn: (input: number) => {
      waiting.get(input)!.reject(burnt);
      waiting.delete(input);
    },
  };
}

const silence = new Promise<never>(() => {});

describe('the limit', () => {
  for (const [concurrency, got] of [
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    ['4', "'4'"],
    [4n, '4n'],
    [null, 'null'],
    [undefined, 'undefined'],
  ] as ReadonlyArray<[unknown, string]>) {
    test(`${got} is refused with what was expected and what came, before anything is drawn`, async () => {
      const { seen, inputs } = orders();
      await assert.rejects(
        boundedPool(inputs, (input) => input, { concurrency: concurrency as number }),
        new TypeError(`concurrency: expected a positive integer or Infinity, got ${got}`),
      );
      assert.deepEqual(seen, { asked: 0, closed: 0 });
    });
  }

  test('Infinity starts everything at once', async () => {
    const { waiting, task, serve } = kitchen();
    const run = boundedPool([1, 2, 3, 4, 5], task, { concurrency: Infinity });
    assert.equal(waiting.size, 5);
    for (const input of [5, 3, 1, 2, 4]) serve(input);
    assert.deepEqual(await run, ['dish 1', 'dish 2', 'dish 3', 'dish 4', 'dish 5']);
  });

  test('a free lane takes the next input at once, while a slow task holds up its own lane only', async () => {
    const { waiting, task, serve } = kitchen();
    const run = boundedPool([1, 2, 3, 4, 5], task, { concurrency: 2 });
    for (const input of [2, 3, 4, 5]) {
      assert.deepEqual([...waiting.keys()], [1, input]);
      serve(input);
      await turn();
    }
    serve(1);
    assert.equal((await run).length, 5);
  });
});

describe('inputs', () => {
  test('may be endless: one is drawn only when a lane is free, and they are closed once', async () => {
    const { seen, inputs } = orders();
    const { task, serve, burn } = kitchen();
    const run = boundedPool(inputs, task, { concurrency: 3 });
    assert.equal(seen.asked, 3);
    serve(2);
    await turn();
    assert.equal(seen.asked, 4);
    burn(1);
    serve(3);
    serve(4);
    await assert.rejects(run, burnt);
    assert.deepEqual(seen, { asked: 4, closed: 1 });
  });

  test('are not closed when they ended by themselves', async () => {
    const { seen, inputs } = orders({ last: 3 });
    assert.deepEqual(await boundedPool(inputs, (input) => input, { concurrency: 2 }), [1, 2, 3]);
    assert.equal(seen.closed, 0);
  });

  test('may be a string, a Set, a generator or an async generator', async () => {
    async function* slowly() {
      for (const letter of 'dish') {
        await turn();
        yield letter;
      }
    }
    const shout = (letter: string) => letter.toUpperCase();
    for (const inputs of ['dish', new Set('dish'), 'dish'[Symbol.iterator](), slowly()]) {
      assert.deepEqual(await boundedPool(inputs, shout, { concurrency: 3 }), ['D', 'I', 'S', 'H']);
    }
  });

  test('that are slow are asked once until they have answered, and for no more than there are free lanes', async () => {
    const first = Promise.withResolvers<IteratorResult<number>>();
    const { seen, inputs } = slowOrders((place) => {
      if (place === 1) return first.promise;
      return Promise.resolve(place < 4 ? { done: false, value: place } : { done: true, value: undefined });
    });
    const { waiting, task, serve } = kitchen();
    const run = boundedPool(inputs, task, { concurrency: 2 });
    await manyTurns();
    assert.equal(seen.asked, 1);
    first.resolve({ done: false, value: 1 });
    await manyTurns();
    assert.deepEqual([...waiting.keys()], [1, 2]);
    assert.equal(seen.asked, 2);
    serve(2);
    await until(() => waiting.has(3));
    serve(3);
    serve(1);
    assert.deepEqual(await run, ['dish 1', 'dish 2', 'dish 3']);
  });

  test('whose answers overtake one another keep the order in which they were asked for', async () => {
    const answers = new Map<number, PromiseWithResolvers<IteratorResult<number>>>();
    const { inputs } = slowOrders((place) => {
      const answer = Promise.withResolvers<IteratorResult<number>>();
      answers.set(place, answer);
      return answer.promise;
    });
    const { waiting, task, serve } = kitchen();
    const run = boundedPool(inputs, task, { concurrency: 3 });
    const answer = async (place: number, value?: number) => {
      await until(() => answers.has(place));
      answers.get(place)!.resolve(value === undefined ? { done: true, value } : { done: false, value });
      if (value !== undefined) await until(() => waiting.has(value));
    };
    // One free lane and two with a task: the first is served, and now two calls wait at the same time.
    await answer(1, 10);
    await answer(2, 20);
    serve(10);
    await until(() => answers.has(4));
    await answer(4, 40);
    await answer(3, 30);
    for (const input of [40, 30, 20]) serve(input);
    await answer(5);
    await answer(6);
    await answer(7);
    assert.deepEqual(await run, ['dish 10', 'dish 20', 'dish 30', 'dish 40']);
  });

  test('that fail reject with their error, once the tasks in flight have ended', async () => {
    const dropped = new Error('the waiter dropped the order');
    const { seen, inputs } = orders({
      next(place) {
        if (place === 3) throw dropped;
        return { done: false, value: place };
      },
    });
    const { waiting, signals, task, serve } = kitchen();
    let ended = false;
    const run = boundedPool(inputs, task, { concurrency: 4 }).finally(() => (ended = true));
    run.catch(() => {});
    await manyTurns();
    assert.deepEqual([...waiting.keys()], [1, 2]);
    assert.equal(signals[0]!.reason, dropped);
    assert.equal(ended, false);
    serve(1);
    serve(2);
    await assert.rejects(run, dropped);
    assert.equal(seen.asked, 3);
  });

  test('that fail asynchronously reject with their error, and are not asked again', async () => {
    const dropped = new Error('the waiter dropped the order');
    const { seen, inputs } = slowOrders(async (place) => {
      if (place === 2) throw dropped;
      return { done: false, value: place };
    });
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 1 }),
      dropped,
    );
    assert.equal(seen.asked, 2);
  });

  // The pool does not wait for `return()` of a source that still owes an answer. A source that has thrown owes none.
  test('that throw at once are closed before the pool rejects', async () => {
    const dropped = new Error('the waiter dropped the order');
    let hasClosed = false;
    const inputs = {
      [Symbol.asyncIterator]: () => ({
        next() {
          throw dropped;
        },
        async return() {
          await manyTurns();
          hasClosed = true;
          return { done: true, value: undefined };
        },
      }),
    } as AsyncIterable<number>;
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 2 }),
      dropped,
    );
    assert.ok(hasClosed);
  });

  test('whose return() throws or rejects hide neither a failure nor an abort', async () => {
    const clumsy = () => {
      throw new Error('the door is stuck');
    };
    const next = () => ({ done: false, value: 1 });
    const inputs = { [Symbol.iterator]: () => ({ next, return: clumsy }) } as Iterable<number>;
    const slow = {
      [Symbol.asyncIterator]: () => ({ next: async () => next(), return: async () => clumsy() }),
    } as AsyncIterable<number>;
    const fails = () => Promise.reject(burnt);
    await assert.rejects(boundedPool(inputs, fails, { concurrency: 2 }), burnt);
    await assert.rejects(boundedPool(slow, fails, { concurrency: 2 }), burnt);
  });

  test('that answer nonsense reject with a TypeError', async () => {
    const { inputs } = orders({ next: () => undefined as never });
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 2 }),
      TypeError,
    );
  });

  test('that cannot be iterated reject with what creating the iterator threw', async () => {
    const inputs = {
      [Symbol.iterator](): Iterator<number> {
        throw burnt;
      },
    };
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 2 }),
      burnt,
    );
  });
});

describe('a source that never answers', () => {
  /** Answers `count` times, then never again. */
  const silentAfter = (count: number) =>
    slowOrders(async (place) => (place <= count ? { done: false, value: place } : silence));

  test('keeps no pool open that has failed', async () => {
    const { seen, inputs } = silentAfter(1);
    const { waiting, task, burn } = kitchen();
    const run = boundedPool(inputs, task, { concurrency: 3 });
    await until(() => waiting.has(1) && seen.asked === 2);
    burn(1);
    await assert.rejects(run, burnt);
    assert.deepEqual(seen, { asked: 2, closed: 1 });
  });

  test('keeps no pool open that was aborted, though nothing has started yet', async () => {
    const { seen, inputs } = silentAfter(0);
    const controller = new AbortController();
    const run = boundedPool(inputs, (input) => input, { concurrency: 3, signal: controller.signal });
    await manyTurns();
    controller.abort(left);
    await assert.rejects(run, left);
    assert.deepEqual(seen, { asked: 1, closed: 1 });
  });

  test('keeps no pool open that is aborted from inside its own next()', async () => {
    const controller = new AbortController();
    const { seen, inputs } = slowOrders(() => {
      controller.abort(left);
      return silence;
    });
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 3, signal: controller.signal }),
      left,
    );
    assert.equal(seen.closed, 1);
  });

  test('is not waited for, but a task that is still at work is', async () => {
    const { seen, inputs } = silentAfter(2);
    const { waiting, task, serve, burn } = kitchen();
    let ended = false;
    const run = boundedPool(inputs, task, { concurrency: 3 }).finally(() => (ended = true));
    run.catch(() => {});
    await until(() => waiting.size === 2 && seen.asked === 3);
    burn(2);
    await manyTurns();
    assert.equal(ended, false);
    serve(1);
    await assert.rejects(run, burnt);
  });

  test('may answer or fail after the end: nobody takes the input, and nothing is left unhandled', async () => {
    for (const finish of ['resolve', 'reject'] as const) {
      const late = Promise.withResolvers<IteratorResult<number>>();
      const { seen, inputs } = slowOrders((place) =>
        place === 1 ? Promise.resolve({ done: false, value: 1 }) : late.promise,
      );
      const { waiting, task, burn } = kitchen();
      const run = boundedPool(inputs, task, { concurrency: 2 });
      await until(() => waiting.has(1) && seen.asked === 2);
      burn(1);
      await assert.rejects(run, burnt);
      if (finish === 'resolve') late.resolve({ done: false, value: 2 });
      else late.reject(new Error('too late to matter'));
      await manyTurns();
      assert.equal(waiting.size, 0);
      assert.equal(seen.asked, 2);
    }
  });
});

describe('a failure', () => {
  test('of undefined is a failure too', async () => {
    const run = boundedPool([1, 2], () => Promise.reject(undefined), { concurrency: 1 });
    assert.equal(
      await run.then(
        () => 'no failure',
        (reason: unknown) => reason,
      ),
      undefined,
    );
  });

  test('aborts the signal of the tasks in flight with its reason, and later failures change nothing', async () => {
    const { signals, task, burn, waiting } = kitchen();
    const run = boundedPool([1, 2, 3], task, { concurrency: 2 });
    burn(2);
    await turn();
    assert.deepEqual(
      signals.map((signal) => signal.reason as unknown),
      [burnt, burnt],
    );
    waiting.get(1)!.reject(new Error('a later one'));
    await assert.rejects(run, burnt);
  });

  test('closes the inputs only after the last task has ended', async () => {
    const { seen, inputs } = orders();
    const { task, serve, burn } = kitchen();
    const run = boundedPool(inputs, task, { concurrency: 2 });
    burn(1);
    await manyTurns();
    assert.equal(seen.closed, 0);
    serve(2);
    await assert.rejects(run, burnt);
    assert.equal(seen.closed, 1);
  });
});

describe('an abort', () => {
  test('before the start draws nothing', async () => {
    const { seen, inputs } = orders();
    const signal = AbortSignal.abort(left);
    await assert.rejects(
      boundedPool(inputs, (input) => input, { concurrency: 2, signal }),
      left,
    );
    assert.deepEqual(seen, { asked: 0, closed: 0 });
  });

  test('from inside next() or while the iterator is made starts nothing', async () => {
    for (const place of ['next', 'iterator'] as const) {
      const controller = new AbortController();
      let started = 0;
      const next = () => {
        if (place === 'next') controller.abort(left);
        return { done: false, value: 1 };
      };
      const inputs: Iterable<number> = {
        [Symbol.iterator]() {
          if (place === 'iterator') controller.abort(left);
          return { next };
        },
      };
      const run = boundedPool(inputs, () => started++, { concurrency: 3, signal: controller.signal });
      await assert.rejects(run, left);
      assert.equal(started, 0, `aborted from inside ${place}`);
    }
  });

  test('from inside a task stops after that task', async () => {
    const controller = new AbortController();
    let started = 0;
    const task = () => {
      if (++started === 2) controller.abort(left);
    };
    await assert.rejects(
      boundedPool(orders().inputs, task, { concurrency: 5, signal: controller.signal }),
      left,
    );
    assert.equal(started, 2);
  });

  test('reaches the tasks with its reason, and the pool waits until they have stopped', async () => {
    const controller = new AbortController();
    const { signals, task, serve } = kitchen();
    let ended = false;
    const run = boundedPool([1, 2, 3], task, { concurrency: 2, signal: controller.signal }).finally(
      () => (ended = true),
    );
    run.catch(() => {});
    controller.abort(left);
    await manyTurns();
    assert.equal(signals[0]!.reason, left);
    assert.equal(ended, false);
    serve(1);
    serve(2);
    await assert.rejects(run, left);
  });

  test('leaves no listener on the signal, however the pool ended', async () => {
    const { signal } = new AbortController();
    await boundedPool([1, 2], (input) => input, { concurrency: 2, signal });
    await assert.rejects(
      boundedPool([1, 2], () => Promise.reject(burnt), { concurrency: 2, signal }),
      burnt,
    );
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
