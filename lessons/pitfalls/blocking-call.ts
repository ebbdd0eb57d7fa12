// A blocking call in asynchronous code. JavaScript runs on one thread, the one with the event loop. While the call runs,
// this thread runs nothing else: no timer, no answer, no other guest. The time that others wait is the event loop lag.
// Python's time.sleep() is Atomics.wait() here. Every function whose name ends in Sync blocks in the same way.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

const BREAK_MS = 20;
const MENUS = Array.from({ length: 100 }, () => new URL('../../package.json', import.meta.url));

// It looks right because it is right in a script that does one thing only.
// In a server all other guests wait too.
export async function wrong(afterBreak: () => void): Promise<void> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(cell, 0, 0, BREAK_MS);
  afterBreak();
  for (const menu of MENUS) readFileSync(menu);
}

// Each await gives the thread back to the event loop until the result is there.
export async function right(afterBreak: () => void): Promise<void> {
  await sleep(BREAK_MS);
  afterBreak();
  for (const menu of MENUS) await readFile(menu);
}

export const pitfall = pitfallOf({
  about: {
    title: 'Block the thread inside async code',
    symptom:
      'While the call runs, no timer fires and no request is answered. The whole program stands still. (That delay is called event loop lag.)',
    remedy:
      'Await the asynchronous form of the call. If there is none because the call computes, move it to a worker thread.',
    foundBy: ['oxlint node/no-sync'],
    missedWhen:
      'the name does not end in Sync: `Atomics.wait`, `JSON.parse` of megabytes, a loop that computes',
    article: 'Pitfalls 1, "Using synchronous blocking operations"',
    shows: {
      wrong: { timersDuringTheBreak: 0, ordersDuringTheReading: 0 },
      right: { timersDuringTheBreak: 2, ordersDuringTheReading: 3 },
    },
  },
  wrong,
  right,
  show: whatElseGotDone,
});

/**
 * What else got done during the break, and while the menus were read. It needs no clock. Timers fire in the order in
 * which they are due, so the two short ones come before the end of the break. Each await of a file gives the event loop
 * at least one turn, and an order needs three.
 */
async function whatElseGotDone(version: (afterBreak: () => void) => Promise<void>) {
  using restaurant = openRestaurant();
  const orders: Array<Promise<unknown>> = [];
  let timersFired = 0;
  let timersDuringTheBreak = 0;
  const timers = [1, 2].map((delayMs) => setTimeout(() => timersFired++, delayMs));
  await version(() => {
    timersDuringTheBreak = timersFired;
    orders.push(fetchOrder(1), fetchOrder(2), fetchOrder(3));
  });
  const ordersDuringTheReading = restaurant.stats.completed;
  timers.forEach(clearTimeout);
  await Promise.all(orders);
  return { timersDuringTheBreak, ordersDuringTheReading };
}
