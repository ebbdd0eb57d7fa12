// await does not always give way to I/O. If the promise is settled already, the function goes on as a microtask, and all
// microtasks run before the event loop turns. So a long loop of such awaits starves everything else: no timer and no
// request gets through. A chain of process.nextTick does the same.
import { setImmediate as turn } from 'node:timers/promises';
import { pitfallOf } from './frame/pitfall.ts';

const DISHES = Array.from({ length: 1000 }, (_, index) => index + 1);
const priceOf = async (dish: number) => dish * 100; // in real life it comes from a cache

// It looks right because priceOf is async, so there seem to be 1,000 pauses.
export async function wrong(): Promise<void> {
  for (const dish of DISHES) {
    await priceOf(dish);
  }
}

// After every 100 dishes it waits for one turn of the event loop.
export async function right(): Promise<void> {
  for (const dish of DISHES) {
    await priceOf(dish);
    if (dish % 100 === 0) await turn();
  }
}

export const pitfall = pitfallOf({
  about: {
    title: 'Mistake await for a pause',
    symptom:
      'During 1,000 awaits the event loop does not turn once. Timers, requests and signals starve: they never get their turn.',
    remedy: 'Wait for a turn of the event loop from time to time, with setImmediate of node:timers/promises.',
    foundBy: [],
    shows: {
      wrong: { turnsOfTheLoop: 0 },
      right: { turnsOfTheLoop: 10 },
    },
  },
  wrong,
  right,
  show: turnsDuring,
});

/** How often the event loop comes round to an immediate while the version runs. */
async function turnsDuring(version: () => Promise<void>) {
  let turnsOfTheLoop = 0;
  let next = setImmediate(function count() {
    turnsOfTheLoop++;
    next = setImmediate(count);
  });
  await version();
  clearImmediate(next);
  return { turnsOfTheLoop };
}
