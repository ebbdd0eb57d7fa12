// The textbook pool: a few lanes share one index. A lane is a loop that takes the next input when it is done with the
// one before. If a task fails, its lane ends and Promise.all rejects. The other lanes do not know, and they work through all
// that is left, although the caller has gone on.
import { pitfallOf } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

const FAILS = 0;
const IDS = [FAILS, 1, 2, 3, 4, 5, 6, 7, 8];

// It looks right because it is right as long as no task fails.
// p-limit goes on in the same way. p-map and boundedPool of src stop.
export async function wrong(): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < IDS.length) await fetchOrder(IDS[next++]!);
  };
  await Promise.all([lane(), lane()]);
}

// The lanes share a generator. An error in a for…of closes its generator,
// so the other lane finds nothing left to do.
export async function right(): Promise<void> {
  const shared = (function* () {
    yield* IDS;
  })();
  const lane = async () => {
    for (const id of shared) await fetchOrder(id);
  };
  await Promise.all([lane(), lane()]);
}

export const pitfall = pitfallOf({
  about: {
    title: 'Share an index between lanes',
    symptom: 'After the pool has rejected, it still starts all 7 orders that are left.',
    remedy:
      'Let the lanes share a generator: an error in one lane closes it for all. Or use a pool that stops at the first error and waits for what is running.',
    foundBy: ['awaiting abandoned'],
    shows: {
      wrong: { startedAfterTheFailure: 7 },
      right: { startedAfterTheFailure: 0 },
    },
  },
  wrong,
  right,
  show: startedAfterTheFailure,
});

/** One lane fails while the other has an order in the kitchen. After that the kitchen cooks whatever comes. */
async function startedAfterTheFailure(version: () => Promise<void>) {
  using restaurant = openRestaurant({ gated: true });
  const failure = version().catch((error: unknown) => error);
  await restaurant.gate.waitFor(1);
  await failure;
  const { started } = restaurant.stats;
  void cookInBatches(restaurant.gate, 1);
  await until(() => restaurant.stats.completed === IDS.length - 1, 1000);
  return { startedAfterTheFailure: restaurant.stats.started - started };
}
