// The textbook pool: some lanes, one index that they share. When a task fails, its lane ends and Promise.all rejects;
// the other lanes know nothing of it and work through all that is left, behind the back of the caller.
import type { About } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Seen = { startedAfterTheFailure: number };

export const about: About<Seen> = {
  title: 'Share an index between lanes',
  symptom: 'After the pool has rejected, it starts all 7 orders that are left.',
  remedy:
    'Share an iterator: the first throw closes a generator for all lanes. Or a pool that stops, and waits.',
  foundBy: [],
  shows: {
    wrong: { startedAfterTheFailure: 7 },
    right: { startedAfterTheFailure: 0 },
  },
};

const FAILS = 0;
const IDS = [FAILS, 1, 2, 3, 4, 5, 6, 7, 8];

// p-limit goes on like this as well; p-map and this project's boundedPool stop. A test of the myths runs all three.
export async function wrong(): Promise<Seen> {
  return startedAfterTheFailureOf(async () => {
    let next = 0;
    const lane = async () => {
      while (next < IDS.length) await fetchOrder(IDS[next++]!);
    };
    await Promise.all([lane(), lane()]);
  });
}

export async function right(): Promise<Seen> {
  return startedAfterTheFailureOf(async () => {
    const shared = (function* () {
      yield* IDS;
    })();
    const lane = async () => {
      for (const id of shared) await fetchOrder(id);
    };
    await Promise.all([lane(), lane()]);
  });
}

/** One lane fails while the other has an order in the kitchen; after that the kitchen cooks whatever comes. */
async function startedAfterTheFailureOf(pool: () => Promise<void>): Promise<Seen> {
  using restaurant = openRestaurant({ gated: true });
  const failure = pool().catch((error: unknown) => error);
  await restaurant.gate.waitFor(1);
  await failure;
  const { started } = restaurant.stats;
  void cookInBatches(restaurant.gate, 1);
  await until(() => restaurant.stats.completed === IDS.length - 1, 1000);
  return { startedAfterTheFailure: restaurant.stats.started - started };
}
