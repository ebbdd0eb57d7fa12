import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { TaskGroup } from '../../src/approaches/task-group.ts';
import { until } from '../turns.ts';

const late = new Error('the fish was off');
const burnt = new Error('the risotto is burnt');

/** A task that runs until its signal stops it, and then ends with the signal's reason. */
const untilStopped = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
};

/** What `block` throws; undefined if it does not. */
async function thrownBy(block: () => Promise<unknown>): Promise<unknown> {
  try {
    await block();
    return undefined;
  } catch (error) {
    return error;
  }
}

const failuresOf = (error: unknown): unknown[] => {
  assert.ok(error instanceof AggregateError, String(error));
  return error.errors;
};

test('the block ends when every task has ended, and not before', async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let ended = false;
  const block = (async () => {
    {
      await using group = new TaskGroup();
      void group.start(() => first.promise);
      void group.start(() => second.promise);
    }
    ended = true;
  })();
  second.resolve();
  await turn();
  assert.equal(ended, false);
  first.resolve();
  await block;
  assert.equal(ended, true);
});

test('tasks start at once, in order, and their promises give their results', async () => {
  const started: string[] = [];
  await using group = new TaskGroup();
  const soup = group.start(() => started.push('soup'));
  const salad = group.start(async () => started.push('salad'));
  assert.deepEqual(started, ['soup', 'salad']);
  assert.deepEqual(await Promise.all([soup, salad]), [1, 2]);
});

test('a failure stops the siblings, and the block waits for the slowest to clean up', async () => {
  const log: string[] = [];
  const cleanUp = Promise.withResolvers<void>();
  const block = thrownBy(async () => {
    await using group = new TaskGroup();
    void group.start(async (signal) => {
      await untilStopped(signal).catch(() => log.push(`stopped: ${signal.reason === late}`));
      await cleanUp.promise;
      log.push('cleaned up');
    });
    void group.start(untilStopped);
    void group.start(() => Promise.reject(late));
  });
  await turn();
  assert.deepEqual(log, ['stopped: true']);
  cleanUp.resolve();
  assert.deepEqual(failuresOf(await block), [late]);
  assert.deepEqual(log, ['stopped: true', 'cleaned up']);
});

test('several failures arrive as one AggregateError, in the order they happened', async () => {
  const error = await thrownBy(async () => {
    await using group = new TaskGroup();
    void group.start((signal) => untilStopped(signal).catch(() => Promise.reject(burnt)));
    void group.start(untilStopped);
    void group.start(() => {
      throw late;
    });
  });
  assert.deepEqual(failuresOf(error), [late, burnt]);
});

test('a task that ignores its signal is waited for, and what it throws is told', async () => {
  const stubborn = Promise.withResolvers<never>();
  const block = thrownBy(async () => {
    await using group = new TaskGroup();
    void group.start(() => stubborn.promise);
    void group.start(() => Promise.reject(late));
  });
  await turn();
  stubborn.reject(burnt);
  assert.deepEqual(failuresOf(await block), [late, burnt]);
});

test('an AbortError counts as a failure unless the group has stopped the task', async () => {
  const own = new DOMException('The user went away', 'AbortError');
  const error = await thrownBy(async () => {
    await using group = new TaskGroup();
    void group.start(() => Promise.reject(own));
    void group.start((signal) =>
      untilStopped(signal).catch(() => Promise.reject(new DOMException('', 'AbortError'))),
    );
  });
  assert.deepEqual(failuresOf(error), [own]);
});

test('an outer abort reaches every task, and the block throws its reason', async () => {
  const outer = new AbortController();
  let stopped = 0;
  const block = thrownBy(async () => {
    await using group = new TaskGroup({ signal: outer.signal });
    for (let count = 0; count < 3; count++) {
      void group.start((signal) => untilStopped(signal).finally(() => stopped++));
    }
  });
  const reason = new Error('the restaurant closes');
  outer.abort(reason);
  assert.equal(await block, reason);
  assert.equal(stopped, 3);
});

test('an outer abort that comes when all is done changes nothing', async () => {
  const outer = new AbortController();
  await using group = new TaskGroup({ signal: outer.signal });
  await group.start(() => 'soup');
  outer.abort();
});

test('a failure beside an outer abort is told rather than the abort', async () => {
  const outer = new AbortController();
  const block = thrownBy(async () => {
    await using group = new TaskGroup({ signal: outer.signal });
    void group.start(untilStopped);
    void group.start((signal) => untilStopped(signal).catch(() => Promise.reject(burnt)));
  });
  outer.abort();
  assert.deepEqual(failuresOf(await block), [burnt]);
});

test('nothing starts in a group that has been stopped', async () => {
  for (const stop of ['outer', 'failure'] as const) {
    let started = 0;
    const error = await thrownBy(async () => {
      await using group = new TaskGroup(stop === 'outer' ? { signal: AbortSignal.abort(late) } : {});
      if (stop === 'failure') await group.start(() => Promise.reject(late)).catch(() => {});
      await assert.rejects(
        group.start(() => started++),
        late,
      );
    });
    assert.equal(started, 0);
    assert.deepEqual(stop === 'outer' ? error : failuresOf(error)[0], late);
  }
});

test('nothing runs after the block, and nothing can be started there', async () => {
  let left: TaskGroup;
  {
    await using group = new TaskGroup();
    left = group;
  }
  assert.throws(() => left.start(() => 'dessert'), /the block of this group has ended/);
});

test('what a task starts belongs to the group, also while the block is ending', async () => {
  const log: string[] = [];
  {
    await using group = new TaskGroup();
    void group.start(async () => {
      await turn();
      void group.start(async () => {
        await turn();
        log.push('grandchild');
      });
    });
  }
  assert.deepEqual(log, ['grandchild']);
});

test('a failure that nobody awaits is no unhandled rejection', async (t) => {
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  await thrownBy(async () => {
    await using group = new TaskGroup();
    void group.start(() => Promise.reject(late));
    await turn();
    await turn();
  });
  assert.equal(unhandled.mock.callCount(), 0);
});

test('a group leaves no listener behind on the outer signal', async () => {
  const outer = new AbortController();
  for (let count = 0; count < 20; count++) {
    await using group = new TaskGroup({ signal: outer.signal });
    await group.start(() => turn());
  }
  assert.equal(getEventListeners(outer.signal, 'abort').length, 0);
});

test('run: a throw of the block itself stops the tasks and is told beside their failures', async () => {
  let stopped = false;
  const error = await thrownBy(() =>
    TaskGroup.run(async (group) => {
      void group.start((signal) => untilStopped(signal).finally(() => (stopped = true)));
      void group.start((signal) => untilStopped(signal).catch(() => Promise.reject(burnt)));
      throw late;
    }),
  );
  assert.equal(stopped, true);
  assert.deepEqual(failuresOf(error), [late, burnt]);
});

test('run: a failure that the block awaited is told once', async () => {
  const error = await thrownBy(() =>
    TaskGroup.run(async (group) => {
      await group.start(() => Promise.reject(late));
    }),
  );
  assert.deepEqual(failuresOf(error), [late]);
});

test('run: resolves with what the block returns, after the last task', async () => {
  const log: string[] = [];
  const result = await TaskGroup.run(async (group) => {
    void group.start(() => turn().then(() => log.push('soup')));
    return 'bill';
  });
  assert.deepEqual([result, log], ['bill', ['soup']]);
});

test('run: an outer abort reaches block and tasks, and its reason is thrown', async () => {
  const outer = new AbortController();
  const block = thrownBy(() => TaskGroup.run((group) => group.start(untilStopped), { signal: outer.signal }));
  outer.abort(late);
  assert.equal(await block, late);
});

test('run: a failure of a task stops the block, which has the signal of the group', async () => {
  const error = await thrownBy(() =>
    TaskGroup.run(async (group, signal) => {
      assert.equal(signal, group.signal);
      void group.start(() => Promise.reject(late));
      await untilStopped(signal);
    }),
  );
  assert.deepEqual(failuresOf(error), [late]);
});

test('run: a block is not entered when the outer signal has aborted before', async () => {
  let entered = false;
  const block = () => TaskGroup.run(() => (entered = true), { signal: AbortSignal.abort(late) });
  assert.equal(await thrownBy(block), late);
  assert.equal(entered, false);
});

test('each failure is told once, whoever awaited the task that failed', async () => {
  const cleaning = new Error('the curtain caught fire');
  const failsWhenStopped = (failure: Error) => (signal: AbortSignal) =>
    untilStopped(signal).catch(() => Promise.reject(failure));
  const error = await thrownBy(() =>
    TaskGroup.run(async (group) => {
      const second = group.start(failsWhenStopped(burnt));
      void group.start(() => second);
      void group.start(() => Promise.reject(late));
      await Promise.all([second, group.start(failsWhenStopped(cleaning))]);
    }),
  );
  assert.deepEqual(failuresOf(error), [late, burnt, cleaning]);

  const outer = new AbortController();
  const aborted = thrownBy(() =>
    TaskGroup.run(
      async (group) => {
        const first = group.start(failsWhenStopped(burnt));
        void group.start(failsWhenStopped(cleaning));
        await first;
      },
      { signal: outer.signal },
    ),
  );
  outer.abort();
  assert.deepEqual(failuresOf(await aborted), [burnt, cleaning]);
});

test('disposing a group a second time waits as well, but does not tell its failures again', async () => {
  const group = new TaskGroup();
  const slow = Promise.withResolvers<void>();
  void group.start(() => slow.promise);
  void group.start(() => Promise.reject(late));
  const [first, second] = [0, 1].map(() => thrownBy(async () => group[Symbol.asyncDispose]()));
  slow.resolve();
  assert.deepEqual(failuresOf(await first), [late]);
  assert.equal(await second, undefined);
  assert.equal(await thrownBy(async () => group[Symbol.asyncDispose]()), undefined);
});

test('an error made of AbortErrors alone is no failure of its own', async () => {
  const abortError = () => new DOMException('', 'AbortError');
  const made: Record<string, (signal: AbortSignal) => unknown> = {
    'an AggregateError of AbortErrors': () => new AggregateError([abortError(), abortError()]),
    'of the reason': ({ reason }) => new AggregateError([reason, abortError()]),
    nested: ({ reason }) => new AggregateError([new AggregateError([reason]), abortError()]),
    'the same one twice': ({ reason }) => {
      const inner = new AggregateError([reason]);
      return new AggregateError([inner, inner]);
    },
    'a SuppressedError': ({ reason }) =>
      Object.assign(new Error(), { error: abortError(), suppressed: reason as unknown }),
  };
  for (const [name, make] of Object.entries(made)) {
    const outer = new AbortController();
    const block = thrownBy(() =>
      TaskGroup.run(
        (group) =>
          group.start((signal) => untilStopped(signal).catch(() => Promise.reject(make(signal) as Error))),
        { signal: outer.signal },
      ),
    );
    outer.abort(late);
    assert.equal(await block, late, name);
  }
});

test('the error of Promise.any is no new failure, whether its tasks were stopped or failed before', async () => {
  const any = await thrownBy(() =>
    TaskGroup.run(async (group) => {
      const tasks = [group.start(untilStopped), group.start(untilStopped)];
      void group.start(() => Promise.reject(late));
      await Promise.any(tasks);
    }),
  );
  assert.deepEqual(failuresOf(any), [late]);
  const failed = await thrownBy(() =>
    TaskGroup.run(async (group) => {
      const stubborn = (signal: AbortSignal) => untilStopped(signal).catch(() => Promise.reject(burnt));
      await Promise.any([group.start(stubborn), group.start(() => Promise.reject(late))]);
    }),
  );
  assert.deepEqual(failuresOf(failed), [late, burnt]);
});

test('an AggregateError with a failure in it, or with nothing in it, is a failure', async () => {
  for (const inner of [[burnt], [new DOMException('', 'AbortError'), burnt], []]) {
    const mixed = new AggregateError(inner);
    const error = await thrownBy(() =>
      TaskGroup.run(async (group) => {
        void group.start((signal) => untilStopped(signal).catch(() => Promise.reject(mixed)));
        void group.start(() => Promise.reject(late));
      }),
    );
    assert.deepEqual(failuresOf(error), [late, mixed]);
  }
  const own: AggregateError = new AggregateError([]);
  own.errors.push(own);
  const error = await thrownBy(() => TaskGroup.run(() => Promise.reject(own)));
  assert.deepEqual(failuresOf(error), [own]);
});

test('a task may throw anything, also nothing', async () => {
  for (const thrown of [undefined, null, Object.create(null) as object, Object.freeze(new Error())]) {
    const error = await thrownBy(() => TaskGroup.run(() => Promise.reject(thrown as Error)));
    assert.deepEqual(failuresOf(error), [thrown]);
  }
});

test('a group inside a group stops with it, and tells its failures to it', async () => {
  const outer = new AbortController();
  const nested = thrownBy(() =>
    TaskGroup.run((_, signal) => TaskGroup.run((inner) => inner.start(untilStopped), { signal }), outer),
  );
  outer.abort(late);
  assert.equal(await nested, late);
  const failing = await thrownBy(() =>
    TaskGroup.run((_, signal) =>
      TaskGroup.run((inner) => inner.start(() => Promise.reject(burnt)), { signal }),
    ),
  );
  assert.deepEqual(failuresOf(failuresOf(failing)[0]), [burnt]);
});

test('an error that cannot be looked into is reported beside the first failure, and hides nothing', async () => {
  const first = new Error('the order burnt');
  const refuse = () => {
    throw new Error('no looking');
  };
  let deep: Error = new Error('own');
  for (let level = 0; level < 20_000; level++) deep = new AggregateError([deep]);
  const odd: unknown[] = [
    Object.defineProperty(new Error('odd'), 'name', { get: refuse }),
    Object.defineProperty(new Error('odd'), 'errors', { get: refuse }),
    new Proxy(new Error('odd'), { getPrototypeOf: refuse }),
    deep,
  ];
  for (const error of odd) {
    const group = new TaskGroup();
    void group.start(() => Promise.reject(first)).catch(() => {});
    const obeys = async (signal: AbortSignal) => {
      await until(() => signal.aborted);
      throw error;
    };
    void group.start(obeys).catch(() => {});
    const reason: unknown = await group[Symbol.asyncDispose]().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(reason instanceof AggregateError);
    assert.deepEqual(
      [reason.errors.length, reason.errors[0] === first, reason.errors[1] === error],
      [2, true, true],
    );
  }
});
