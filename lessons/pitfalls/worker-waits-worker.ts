// A task in a worker thread asks for another task of the same thread pool and waits for it. The second task waits for a
// thread, and the thread waits for the second task. It is the deadlock of nested-pool, with threads. Here the process
// does not even end, because the threads keep it alive.
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { move, Piscina } from 'piscina';
import { pitfallOf } from './frame/pitfall.ts';
import { until } from './frame/turns.ts';

// It looks right because the waiter only waits. But a waiting task keeps its
// thread, and the cook needs one. This pool has a single thread.
export async function wrong(pool: Piscina): Promise<void> {
  const { port1: kitchen, port2: hatch } = new MessageChannel();
  const cookWhenAsked = async () => {
    const [dish] = await once(kitchen, 'message');
    kitchen.postMessage(await pool.run(dish, { name: 'cook' }));
  };
  const waiter = pool.run(move(hatch), { name: 'waitAtTheHatch' });
  await Promise.all([waiter, cookWhenAsked()]);
}

// The waiter's task returns the order and ends. Then the caller starts the
// task of the cook.
export async function right(pool: Piscina): Promise<void> {
  const dish: unknown = await pool.run({}, { name: 'takeOrder' });
  await pool.run(dish, { name: 'cook' });
}

export const pitfall = pitfallOf({
  about: {
    title: 'Let a worker wait for its own pool',
    symptom:
      'The only thread of the pool waits for a task, and that task waits in the queue for the thread. It stays like that for ever (a deadlock).',
    remedy: 'Return the further work to the caller as a result. Or give the inner tasks a pool of their own.',
    foundBy: [],
    shows: {
      wrong: { tasksDone: 0, waitingForAThread: 1 },
      right: { tasksDone: 2, waitingForAThread: 0 },
    },
  },
  wrong,
  right,
  show: inPoolOfOne,
});

async function inPoolOfOne(version: (pool: Piscina) => Promise<void>) {
  const pool = new Piscina({ filename: import.meta.url, minThreads: 1, maxThreads: 1 });
  await pool.run('warm-up', { name: 'cook' }); // from here on a task is queued only if the thread is taken
  const doneBefore = pool.completed;
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  void version(pool).then(over, over);
  await until(() => isOver || pool.queueSize > 0);
  await until(() => isOver, 1000);
  const symptom = { tasksDone: pool.completed - doneBefore, waitingForAThread: pool.queueSize };
  await pool.destroy(); // rejects what still waits
  return symptom;
}

/** In the worker: it asks through the hatch and stays until the dish comes. */
export async function waitAtTheHatch(hatch: MessagePort): Promise<unknown> {
  hatch.postMessage(takeOrder());
  const [dish] = await once(hatch, 'message');
  return dish;
}

/** In the worker. */
export function takeOrder(): string {
  return 'lentil soup';
}

/** In the worker. */
export function cook(dish: string): string {
  return `${dish}, hot`;
}
