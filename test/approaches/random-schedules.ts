// The pool against random schedules: which task, answer of the source, or abort comes first is drawn by fast-check. A failing
// schedule is shrunk to the shortest one, and thrown. `node random-schedules.ts HOW_MANY`
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';

/** What each task does, in input order; `now` without waiting, `later` when the schedule says so. */
const outcome = fc.constantFrom('ok later', 'ok later', 'ok later', 'ok now', 'fail later', 'fail now');

const plan = fc.record({
  outcomes: fc.array(outcome, { maxLength: 12 }),
  concurrency: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(Infinity)),
  source: fc.constantFrom('sync', 'async', 'async, answers in any order'),
  aborts: fc.boolean(),
});

await fc.assert(
  fc.asyncProperty(fc.scheduler(), plan, async (schedule, { outcomes, concurrency, source, aborts }) => {
    const controller = new AbortController();
    /** The first failure or abort, from the moment of which nothing may start. */
    let first: { readonly reason: unknown } | undefined;
    let settled = false;
    let [inFlight, started, ended, closed] = [0, 0, 0, 0];
    /** Collected, because the pool would take an assertion that throws in a task for the task's failure. */
    const violations: string[] = [];
    const signals = new Set<AbortSignal>();
    const check = (holds: boolean, promise: string) => {
      if (!holds) violations.push(promise);
    };
    const later = (label: string) => schedule.schedule(Promise.resolve(), label);

    const cook = (input: number): string => {
      inFlight--;
      ended++;
      if (outcomes[input]!.startsWith('ok')) return `dish ${input}`;
      const reason = new Error(`order ${input} burnt`);
      first ??= { reason };
      throw reason;
    };
    const task = (input: number, signal?: AbortSignal): string | Promise<string> => {
      signals.add(signal!);
      check(!first, 'nothing starts after the first failure or an abort');
      check(signal?.aborted === false, 'a task starts with a signal that has not aborted');
      check(source === 'async, answers in any order' || input === started, 'tasks start in input order');
      started++;
      inFlight++;
      check(inFlight <= concurrency, 'never more in flight than allowed');
      return outcomes[input]!.endsWith('now') ? cook(input) : later(`task ${input}`).then(() => cook(input));
    };

    let asked = 0;
    const next = (): IteratorResult<number> => {
      check(source === 'async' || !first, 'nothing is drawn after the first failure or an abort');
      check(closed === 0, 'closed inputs are not asked');
      const input = asked++;
      return input < outcomes.length ? { done: false, value: input } : { done: true, value: undefined };
    };
    const close = (): IteratorResult<number> => {
      closed++;
      return { done: true, value: undefined };
    };
    const slowly = (): Promise<IteratorResult<number>> => {
      const answer = next();
      return later(`answer ${asked}`).then(() => answer);
    };
    let queue: Promise<unknown> = Promise.resolve();
    const inTurn = () => {
      check(!first, 'nothing is drawn after the first failure or an abort');
      const answer = queue.then(slowly);
      queue = answer;
      return answer;
    };
    const inputs = {
      sync: { [Symbol.iterator]: () => ({ next, return: close }) },
      async: { [Symbol.asyncIterator]: () => ({ next: inTurn, return: async () => close() }) },
      'async, answers in any order': {
        [Symbol.asyncIterator]: () => ({ next: slowly, return: async () => close() }),
      },
    }[source] as Iterable<number> | AsyncIterable<number>;

    const { signal } = controller;
    const run = boundedPool(inputs, task, { concurrency, signal }).then(
      (results) => ({ results }),
      (reason: unknown) => ({ reason }),
    );
    const watched = run.then((result) => {
      settled = true;
      return { result, inFlight, started, ended, closed };
    });
    if (aborts) {
      void later('abort').then(() => {
        if (settled || ended === outcomes.length) return; // the end may already be on its way
        first ??= { reason: new Error('the guests have left') };
        controller.abort(first.reason);
      });
    }
    const end = await schedule.waitFor(watched);

    assert.deepEqual(violations, []);
    assert.equal(end.inFlight, 0, 'the pool ends after its last task');
    assert.equal(end.ended, end.started);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    if (first) {
      assert.ok('reason' in end.result, 'a failure or an abort rejects');
      assert.equal(end.result.reason, first.reason);
      assert.equal(end.closed, 1, 'inputs are closed once');
      for (const { reason } of signals)
        assert.equal(reason, first.reason, 'tasks are told why they should stop');
    } else {
      assert.ok('results' in end.result);
      assert.deepEqual(
        end.result.results,
        outcomes.map((_, input) => `dish ${input}`),
      );
      assert.equal(end.closed, 0, 'inputs that ended by themselves are not closed');
    }
  }),
  { numRuns: Number(process.argv[2]) },
);
