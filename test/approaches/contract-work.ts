// The work that all approaches are tested with, in this thread or in others: what a task does is plain data, and
// what happened is counted in shared memory.
import { workerData } from 'node:worker_threads';
import type { Work } from '../../src/running/work.ts';
import type { Task } from '../../src/approaches/task.ts';
import { Counters } from '../../src/api/counters.ts';
import { turn, until } from '../turns.ts';
import { NOT_QUEUED } from '../running/not-queued.ts';

export interface Behaviour {
  /** Every task waits until so many have started, so that a peak is reached for sure. */
  readonly together?: number;
  /** Every other task stands still until its signal aborts or `release` is called. */
  readonly hold?: boolean;
  readonly failing?: { readonly input: number; readonly synchronously: boolean };
}

interface Sent extends Behaviour {
  readonly counters: SharedArrayBuffer;
  readonly released: SharedArrayBuffer;
}

export const dishOf = (input: number) => `dish ${input}`;
const burnt = (input: number) => new RangeError(`order ${input} burnt`);

function taskFor({ counters: buffer, released, together = 0, hold, failing }: Sent): Task<number, string> {
  const counters = new Counters(buffer);
  const isReleased = new Int32Array(released);
  const fails = (input: number) => failing?.input === input;
  const cook = async (input: number, signal: AbortSignal | undefined) => {
    counters.start();
    try {
      await until(() => counters.read().started >= together);
      if (fails(input)) throw burnt(input);
      if (hold) await until(() => Atomics.load(isReleased, 0) === 1 || signal?.aborted === true);
      signal?.throwIfAborted();
      // Among tasks that start together the last one ends first.
      for (let left = 12 - input; left > 0; left--) await turn();
      return dishOf(input);
    } finally {
      counters.end('completed');
    }
  };
  return (input, signal) => {
    if (fails(input) && failing?.synchronously) throw burnt(input);
    return cook(input, signal);
  };
}

/** The work, what the API's counters say about it, and the way to let held tasks go. */
export function contractWork(behaviour: Behaviour = {}) {
  const counters = new Counters();
  const released = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const sent: Sent = { ...behaviour, counters: counters.buffer, released };
  const work: Work<string> = {
    kind: 'io',
    open: async () => ({ task: taskFor(sent), async [Symbol.asyncDispose]() {} }),
    // What a thread could not do fails the run here, as it does for the approaches without threads.
    lost(_input, _startMs, reason) {
      throw reason;
    },
    refusedForMs: () => undefined,
    queued: NOT_QUEUED,
    patienceMs: 30 * 60_000,
    outcomes: (message) => message as string[],
    worker: new URL(import.meta.url),
    workerData: sent,
  };
  return { work, counters, release: () => Atomics.store(new Int32Array(released), 0, 1) };
}

/** The same task in a worker thread. */
export default async function runBatch(inputs: readonly number[]): Promise<string[]> {
  const task = taskFor(workerData as Sent);
  const dishes: string[] = [];
  for (const input of inputs) dishes.push(await task(input));
  return dishes;
}
