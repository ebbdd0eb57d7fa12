// Waves: Promise.all over one chunk after the other. It is bounded. But each wave waits for its slowest task, and the
// places of the others stay empty in the meantime. That is head-of-line blocking: one slow item holds up all behind it.
// On uneven work, waves take longer than a pool with the same limit.
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { pitfallOf } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const CONCURRENCY = 3;

// It looks right because it is short and bounded. If all tasks take the same
// time, it is as fast as a pool.
export async function wrong(): Promise<void> {
  for (let start = 0; start < IDS.length; start += CONCURRENCY) {
    const wave = IDS.slice(start, start + CONCURRENCY);
    await Promise.all(wave.map((id) => fetchOrder(id)));
  }
}

// Whichever lane of the pool is free takes the next order.
export async function right(): Promise<void> {
  const concurrency = CONCURRENCY;
  await boundedPool(IDS, (id) => fetchOrder(id), { concurrency });
}

export const pitfall = pitfallOf({
  about: {
    title: 'Limit concurrency by waves',
    symptom:
      'While one order of a wave is slow, nothing else is in flight, although 3 are allowed and 6 are left to do. The slow one holds up all behind it (head-of-line blocking).',
    remedy:
      'Use a bounded pool. Each free lane takes the next task, and only one lane waits for the slow one.',
    foundBy: ['oxlint no-await-in-loop'],
    shows: {
      wrong: { ordersLeft: 6, inFlightBesideTheSlowest: 0 },
      right: { ordersLeft: 4, inFlightBesideTheSlowest: 2 },
    },
  },
  wrong,
  right,
  show: whileOneIsSlow,
});

/**
 * Of the first three orders the API answers two. Then it counts what is in flight once everything has started that can
 * start in their place.
 */
async function whileOneIsSlow(version: () => Promise<void>) {
  using restaurant = openRestaurant({ gated: true });
  const { gate } = restaurant;
  const done = version();
  await gate.waitFor(CONCURRENCY);
  gate.letGo(CONCURRENCY - 1);
  await until(() => restaurant.stats.completed === CONCURRENCY - 1);
  await until(() => gate.held === CONCURRENCY, 1000);
  const { inFlight, started } = restaurant.stats;
  void cookInBatches(gate, 1);
  await done;
  return { ordersLeft: IDS.length - started, inFlightBesideTheSlowest: inFlight - 1 };
}
