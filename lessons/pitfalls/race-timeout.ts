// A time limit by Promise.race. The race has a winner, but it does not stop the loser: a request that was too slow runs
// on to its end, and a timer that was not needed keeps the process alive until it fires.
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

const LATE = 'timers that keep the process alive: 1';

export const about: About<Ended> = {
  title: 'Limit the time with Promise.race',
  symptom:
    'The kitchen cooks for a guest who has gone, and the timer of a race long won keeps the process alive.',
  remedy: 'AbortSignal.timeout, handed to the request: it stops what it limits, and keeps nothing alive.',
  foundBy: [],
  shows: {
    wrong: {
      printed: ['too slow', 'cooked for nobody: 1', 'in time', LATE],
      exitCode: 'killed',
      complaint: '',
    },
    right: {
      printed: ['too slow', 'cooked for nobody: 0', 'in time', 'timers that keep the process alive: 0'],
      exitCode: 0,
      complaint: '',
    },
  },
};

// It reads as it should, and the caller gets his error in time.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong', killAfter: LATE }, async () => {
    await twoGuests(async (id, limitMs) => {
      const { promise: late, reject } = Promise.withResolvers<never>();
      setTimeout(reject, limitMs, new Error('too slow'));
      await Promise.race([fetchOrder(id), late]);
    });
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    await twoGuests(async (id, limitMs) => {
      await fetchOrder(id, AbortSignal.timeout(limitMs));
    });
  });
}

/** The first order stays in the kitchen until its guest has lost patience; the second is cooked at once. */
async function twoGuests(serve: (id: number, limitMs: number) => Promise<void>): Promise<void> {
  const restaurant = openRestaurant({ gated: true });
  const patience = setTimeout(() => {}, 60_000); // a mocked request keeps nothing alive, nor does AbortSignal.timeout
  await serve(1, 500).catch(() => console.log('too slow'));
  clearTimeout(patience);
  void cookInBatches(restaurant.gate, 1);
  await until(() => restaurant.stats.completed === 1, 1000);
  console.log(`cooked for nobody: ${restaurant.stats.completed}`);
  await serve(2, 60_000);
  console.log('in time');
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout');
  console.log(`timers that keep the process alive: ${timers.length}`);
}
