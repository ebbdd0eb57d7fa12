// A limit bounds how many tasks are in flight. All other tasks wait in its queue, and the queue has no limit. If a source
// is faster than the kitchen, and nothing makes it wait, its orders pile up in memory. When the process ends, all of them
// are lost. To make the source wait is called backpressure.
import pLimit from 'p-limit';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { pitfallOf } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Source = AsyncIterable<number>;
type Serve = (id: number) => Promise<void>;

const ORDERS = 100;
const CONCURRENCY = 4;

// It looks right because never more than four are in flight. But the loop
// does not wait for any of them, so it reads the source to its end.
export async function wrong(source: Source, serve: Serve): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  const all: Array<Promise<void>> = [];
  for await (const id of source) all.push(limit(() => serve(id)));
  await Promise.all(all);
}

// A lane of the pool asks the source for an order when it is free to cook it.
export async function right(source: Source, serve: Serve): Promise<void> {
  const concurrency = CONCURRENCY;
  await boundedPool(source, (id) => serve(id), { concurrency });
}

export const pitfall = pitfallOf({
  about: {
    title: 'Let an endless queue wait at a limit',
    symptom:
      'Four orders are in flight, as was wanted. But the source was read to its end: all other orders, here 96, wait in memory.',
    remedy:
      'Let the pool draw from the source. If the source must run ahead, give the queue a number of places and wait for one.',
    foundBy: [],
    shows: {
      wrong: { inFlight: 4, readAndWaiting: 96 },
      right: { inFlight: 4, readAndWaiting: 0 },
    },
  },
  wrong,
  right,
  show: whileTheKitchenIsFull,
});

/**
 * Waits until the kitchen is full and the source has been read. Then it counts the orders that were read and have not
 * begun.
 */
async function whileTheKitchenIsFull(version: (source: Source, serve: Serve) => Promise<void>) {
  using restaurant = openRestaurant({ gated: true });
  let read = 0;
  let begun = 0;
  async function* source(): AsyncGenerator<number> {
    while (read < ORDERS) {
      read++;
      yield read;
    }
  }
  const done = version(source(), async (id) => {
    begun++;
    await fetchOrder(id);
  });
  await restaurant.gate.waitFor(CONCURRENCY);
  await until(() => read === ORDERS, 1000);
  const { inFlight } = restaurant.stats;
  const readAndWaiting = read - begun;
  void cookInBatches(restaurant.gate, 1);
  await done;
  return { inFlight, readAndWaiting };
}
