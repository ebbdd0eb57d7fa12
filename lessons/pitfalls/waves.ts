// Waves: Promise.all over one chunk after the other. It is bounded, but each wave waits for its slowest, and the
// places of the others stand empty meanwhile. On uneven work it takes longer than a pool, up to C times as long.
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import type { About } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Seen = { ordersLeft: number; inFlightBesideTheSlowest: number };

export const about: About<Seen> = {
  title: 'Limit concurrency by waves of Promise.all',
  symptom:
    'While one order of a wave is slow, nothing else is in flight, though 3 are allowed and 6 are left to do.',
  remedy: 'A pool: whoever is done takes the next; only the lane of the slow one is held up.',
  foundBy: ['oxlint no-await-in-loop'],
  shows: {
    wrong: { ordersLeft: 6, inFlightBesideTheSlowest: 0 },
    right: { ordersLeft: 4, inFlightBesideTheSlowest: 2 },
  },
};

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const CONCURRENCY = 3;

// Four lines, bounded, and on even work as fast as a pool.
export async function wrong(): Promise<Seen> {
  return whileTheFirstIsSlow(async () => {
    for (let start = 0; start < IDS.length; start += CONCURRENCY) {
      const wave = IDS.slice(start, start + CONCURRENCY);
      await Promise.all(wave.map((id) => fetchOrder(id)));
    }
  });
}

export async function right(): Promise<Seen> {
  return whileTheFirstIsSlow(async () => {
    await boundedPool(IDS, (id) => fetchOrder(id), { concurrency: CONCURRENCY });
  });
}

/** What the API sees once it has answered two of the first three, and all that could start in their place has. */
async function whileTheFirstIsSlow(work: () => Promise<void>): Promise<Seen> {
  using restaurant = openRestaurant({ gated: true });
  const { gate } = restaurant;
  const done = work();
  await gate.waitFor(CONCURRENCY);
  gate.letGo(CONCURRENCY - 1);
  await until(() => restaurant.stats.completed === CONCURRENCY - 1);
  await until(() => gate.held === CONCURRENCY, 1000);
  const { inFlight, started } = restaurant.stats;
  void cookInBatches(gate, 1);
  await done;
  return { ordersLeft: IDS.length - started, inFlightBesideTheSlowest: inFlight - 1 };
}
