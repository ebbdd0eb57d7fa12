// A blocking call in async code: while it runs, this thread runs nothing else, and there is only this thread. Python's
// time.sleep() is Atomics.wait() here; every function whose name ends in Sync does the same.
//
// Two proofs that need no clock: timers that are due before the waiter's break is over must fire before it, however
// busy the machine is; and each await of a file gives the event loop a turn, of which an order needs three.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { timersDuringTheBreak: number; ordersDuringTheReading: number };

export const about: About<Seen> = {
  title: 'Block the thread inside async code',
  symptom: 'While the call runs, no timer fires and no request is answered: the whole program stands still.',
  remedy: 'Await the asynchronous twin of the call; move computation that has none to a worker thread.',
  foundBy: ['oxlint node/no-sync'],
  missedWhen:
    'the name does not end in Sync: `Atomics.wait`, `JSON.parse` of megabytes, a loop that computes',
  article: 'Pitfalls 1, "Using synchronous blocking operations"',
  shows: {
    wrong: { timersDuringTheBreak: 0, ordersDuringTheReading: 0 },
    right: { timersDuringTheBreak: 2, ordersDuringTheReading: 3 },
  },
};

const BREAK_MS = 20;
const MENUS = Array.from({ length: 100 }, () => new URL('../../package.json', import.meta.url));

// It looks right because it is: in a script that has one thing to do. In a server every other guest pays.
export async function wrong(): Promise<Seen> {
  return evening(
    async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BREAK_MS);
    },
    async () => {
      for (const menu of MENUS) readFileSync(menu);
    },
  );
}

export async function right(): Promise<Seen> {
  return evening(
    async () => {
      await sleep(BREAK_MS);
    },
    async () => {
      for (const menu of MENUS) await readFile(menu);
    },
  );
}

type Work = () => Promise<void>;

/** What else got done before the waiter was back from his break, and before he had read the menus. */
async function evening(takeBreak: Work, readMenus: Work): Promise<Seen> {
  let timersDuringTheBreak = 0;
  const timers = [1, 2].map((delayMs) => setTimeout(() => timersDuringTheBreak++, delayMs));
  await takeBreak();
  timers.forEach(clearTimeout);

  using restaurant = openRestaurant();
  const orders = [1, 2, 3].map((id) => fetchOrder(id));
  await readMenus();
  const ordersDuringTheReading = restaurant.stats.completed;
  await Promise.all(orders);
  return { timersDuringTheBreak, ordersDuringTheReading };
}
