// A task in a worker thread that asks for another task of the same pool and waits for it. The second task waits for a
// thread, and the thread waits for the second task: the deadlock of nested-pool, with threads, and without exit code.
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { move, Piscina } from 'piscina';
import type { About } from './frame/pitfall.ts';
import { until } from './frame/turns.ts';

type Seen = { tasksDone: number; waitingForAThread: number };

export const about: About<Seen> = {
  title: 'Let a worker wait for its own pool',
  symptom:
    'The one thread of the pool waits for a task, and that task waits in the queue for the thread, for ever.',
  remedy: 'Hand further work back to the caller as a result; or give the inner tasks a pool of their own.',
  foundBy: [],
  shows: {
    wrong: { tasksDone: 0, waitingForAThread: 1 },
    right: { tasksDone: 2, waitingForAThread: 0 },
  },
};

// The waiter stands at the hatch until the dish comes, and the cook cannot get into the kitchen past him.
export async function wrong(): Promise<Seen> {
  return shift(async (pool) => {
    const { port1: kitchen, port2: hatch } = new MessageChannel();
    const cookWhenAsked = async () => {
      const [dish] = await once(kitchen, 'message');
      kitchen.postMessage(await pool.run(dish, { name: 'cook' }));
    };
    await Promise.all([pool.run(move(hatch), { name: 'waitAtTheHatch' }), cookWhenAsked()]);
  });
}

// The waiter's task ends with what it wants; the caller, who waits without a thread, starts the next.
export async function right(): Promise<Seen> {
  return shift(async (pool) => {
    const dish: unknown = await pool.run({}, { name: 'takeOrder' });
    await pool.run(dish, { name: 'cook' });
  });
}

async function shift(work: (pool: Piscina) => Promise<void>): Promise<Seen> {
  const pool = new Piscina({ filename: import.meta.url, minThreads: 1, maxThreads: 1 });
  await pool.run('warm-up', { name: 'cook' }); // from here on a task is queued only if the thread is taken
  const before = pool.completed;
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  void work(pool).then(over, over);
  await until(() => isOver || pool.queueSize > 0);
  await until(() => isOver, 1000);
  const seen = { tasksDone: pool.completed - before, waitingForAThread: pool.queueSize };
  await pool.destroy(); // rejects what still waits
  return seen;
}

export async function waitAtTheHatch(hatch: MessagePort): Promise<unknown> {
  hatch.postMessage(takeOrder());
  const [dish] = await once(hatch, 'message');
  return dish;
}

export function takeOrder(): string {
  return 'lentil soup';
}

export function cook(dish: string): string {
  return `${dish}, hot`;
}
