// Runs a lesson with an ingredient that makes its claim false: the pool that is none, the wait that is none. An
// assertion that still passes would prove nothing.
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as oneWaiter from '../../lessons/01-one-waiter.ts';
import * as firstFetch from '../../lessons/02-first-fetch.ts';
import * as fourStyles from '../../lessons/03-four-styles.ts';
import * as eventLoop from '../../lessons/04-event-loop.ts';
import * as outcomes from '../../lessons/06-outcomes.ts';
import * as pool from '../../lessons/07-bounded-pool.ts';
import * as cancellation from '../../lessons/08-cancellation.ts';
import { play } from '../../lessons/stage.ts';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import type { settled } from '../../src/approaches/settled.ts';
import type { Task } from '../../src/approaches/task.ts';
import { sequential } from '../../src/approaches/sequential.ts';

const oneByOne: typeof promiseAll = (inputs, task) => sequential(inputs, task);
const atOnce: typeof sequential = async (inputs, task) => promiseAll(await Array.fromAsync(inputs), task);

/** Takes failures for successes. */
const swallowing = ((task: Task<number, unknown>) => async (input: number) => {
  const value = await Promise.try(task, input).catch(() => 'nothing');
  return { status: 'fulfilled', value };
}) as typeof settled;

/** What many take Promise.all for: it hears of a failure and stops the rest. */
const stopping: typeof promiseAll = (inputs, task) => {
  const stop = new AbortController();
  const all = promiseAll(inputs, (input) => task(input, stop.signal));
  void all.catch(() => stop.abort());
  return all;
};

/** By the lesson's name: ways to make its claim false, each by an ingredient that does not do what the lesson says. */
export const broken: Record<string, ReadonlyArray<() => Promise<void>>> = {
  'one-waiter': [() => oneWaiter.run({ busy: oneByOne }), () => oneWaiter.run({ patient: atOnce })],
  'first-fetch': [
    () => firstFetch.run({ gather: oneByOne }),
    () => firstFetch.run({ gather: async (inputs, task) => (await promiseAll(inputs, task)).toReversed() }),
  ],
  'four-styles': [
    () => fourStyles.run({ modern: async (dishes, log) => dishes.forEach(log) }),
    () => fourStyles.run({ modern: async () => {} }),
  ],
  'event-loop': [
    () => eventLoop.run({ start: (body) => queueMicrotask(body) }),
    () => eventLoop.run({ rest: () => nextTurn() }),
  ],
  outcomes: [() => outcomes.run({ settle: swallowing }), () => outcomes.run({ gather: stopping })],
  'bounded-pool': [() => pool.run({ approach: promiseAll }), () => pool.run({ approach: oneByOne })],
  cancellation: [() => cancellation.run({ limited: (work) => work() })],
};

if (import.meta.main) {
  const [name = '', variant = '0'] = process.argv.slice(2);
  const clock = name === 'event-loop' ? 'real' : 'virtual';
  await play(broken[name]![Number(variant)]!, { clock });
}
