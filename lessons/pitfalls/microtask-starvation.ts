// await does not give way to I/O. What is ready already continues as a microtask, and all microtasks run before the
// event loop turns: a long loop full of awaits, or a chain of process.nextTick, lets no timer and no request through.
import { setImmediate as turn } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';

type Seen = { turnsOfTheLoop: number };

export const about: About<Seen> = {
  title: 'Mistake await for a pause',
  symptom:
    '1,000 awaits, and the event loop has not turned once: no timer, no request, no signal got through.',
  remedy: 'Every so often wait for a turn of the loop: setImmediate of node:timers/promises.',
  foundBy: [],
  shows: {
    wrong: { turnsOfTheLoop: 0 },
    right: { turnsOfTheLoop: 10 },
  },
};

const DISHES = Array.from({ length: 1000 }, (_, index) => index + 1);
const priceOf = async (dish: number) => dish * 100; // in real life: from a cache

// priceOf is async, so the loop looks as if it were polite.
export async function wrong(): Promise<Seen> {
  return turnsDuring(async () => {
    for (const dish of DISHES) {
      await priceOf(dish);
    }
  });
}

export async function right(): Promise<Seen> {
  return turnsDuring(async () => {
    for (const dish of DISHES) {
      await priceOf(dish);
      if (dish % 100 === 0) await turn();
    }
  });
}

/** How often the event loop comes round to an immediate while `work` runs. */
async function turnsDuring(work: () => Promise<void>): Promise<Seen> {
  let turnsOfTheLoop = 0;
  let next = setImmediate(function count() {
    turnsOfTheLoop++;
    next = setImmediate(count);
  });
  await work();
  clearImmediate(next);
  return { turnsOfTheLoop };
}
