// A time limit by Promise.race. The race has a winner, but it does not stop the loser. A request that was too slow runs
// on to its end. A timer that is no longer needed keeps the process alive until it fires.
import { virtualTime } from '../virtual-time.ts';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

// It looks right because the caller gets the error when the limit is over.
export async function wrong(id: number, limitMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  setTimeout(reject, limitMs, new Error('too slow'));
  await Promise.race([fetchOrder(id), late]);
}

// The request itself has the limit, so it stops. This timer of Node does not
// keep the process alive.
export async function right(id: number, limitMs: number): Promise<void> {
  await fetchOrder(id, AbortSignal.timeout(limitMs));
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Limit the time with Promise.race',
    symptom:
      'The kitchen cooks for a guest who has left. After a race that was won in time, its timer keeps the process alive until it fires.',
    remedy:
      'Hand AbortSignal.timeout to the request. It stops what it limits, and it does not keep the process alive.',
    foundBy: ['awaiting abandoned'],
    shows: {
      wrong: {
        printed: ['too slow', 'cooked for nobody: 1', 'in time', 'the process lives on for 60 s'],
        exitCode: 0,
        stderr: '',
      },
      right: {
        printed: ['too slow', 'cooked for nobody: 0', 'in time', 'the process lives on for 0 s'],
        exitCode: 0,
        stderr: '',
      },
    },
  },
  wrong,
  right,
  scene: twoGuests,
});

/**
 * The first order stays in the kitchen until its limit is over. The second is cooked at once. The time is virtual: it
 * jumps to the next timer when nothing else can run. So no limit can be over before its order is in the kitchen.
 */
async function twoGuests(version: (id: number, limitMs: number) => Promise<void>): Promise<void> {
  virtualTime(); // until this process ends
  const restaurant = openRestaurant({ gated: true });
  // Neither a mocked request nor AbortSignal.timeout keeps this process alive while it waits for the limit.
  const alive = setInterval(() => {}, 60_000);
  await version(1, 500).catch(() => console.log('too slow'));
  clearInterval(alive);
  void cookInBatches(restaurant.gate, 1);
  await until(() => restaurant.stats.completed === 1, 1000);
  console.log(`cooked for nobody: ${restaurant.stats.completed}`);
  await version(2, 60_000);
  console.log('in time');
  const doneAt = Date.now();
  process.once('exit', () => {
    console.log(`the process lives on for ${(Date.now() - doneAt) / 1000} s`);
  });
}
