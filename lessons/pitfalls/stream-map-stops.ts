// A stream has a `map` with a concurrency. It keeps the order, so quick results wait for a slow one before them. Only
// 2 · concurrency - 1 results may be in flight or wait. Then the stream starts nothing new, although places are free. This
// is called head-of-line blocking, see nodejs/node#46132. `highWaterMark` says how many more results may wait.
import { Readable } from 'node:stream';
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Task = (id: number) => Promise<unknown>;

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const CONCURRENCY = 3;

// It looks right because Node itself bounds it. If all tasks take about the
// same time, it is as fast as a pool.
export async function wrong(serve: Task): Promise<unknown[]> {
  return Readable.from(IDS).map(serve, { concurrency: CONCURRENCY }).toArray();
}

// Results that are ready wait in the buffer, and their places are free again.
export async function right(serve: Task): Promise<unknown[]> {
  const limits = { concurrency: CONCURRENCY, highWaterMark: IDS.length };
  return Readable.from(IDS).map(serve, limits).toArray();
}

export const pitfall = pitfallOf({
  about: {
    title: 'Trust the concurrency of a stream',
    symptom:
      'With a concurrency of 3, one slow order lets only 4 others be served. Then nothing is in flight beside it, and 4 orders have not been started.',
    remedy:
      'Give `map` a highWaterMark: so many more results may wait behind a slow one, and each takes memory. Or use a bounded pool: a slow task does not hold up the start of others.',
    foundBy: [],
    shows: {
      wrong: { servedBesideTheSlowest: 4, inFlightBesideTheSlowest: 0, ordersNotStarted: 4 },
      right: { servedBesideTheSlowest: 8, inFlightBesideTheSlowest: 0, ordersNotStarted: 0 },
    },
  },
  wrong,
  right,
  show: whileTheFirstIsSlow,
});

/** Keeps the first order back, answers all others, and counts once everything has started that can. */
async function whileTheFirstIsSlow(version: (serve: Task) => Promise<unknown[]>) {
  using restaurant = openRestaurant();
  const first = Promise.withResolvers<void>();
  let started = 0;
  let served = 0;
  const done = version(async (id) => {
    started++;
    if (id === 1) await first.promise;
    const order = await fetchOrder(id);
    served++;
    return order;
  });
  await until(() => served === IDS.length - 1, 1000);
  const seen = {
    servedBesideTheSlowest: served,
    inFlightBesideTheSlowest: restaurant.stats.inFlight,
    ordersNotStarted: IDS.length - started,
  };
  first.resolve();
  await done;
  return seen;
}
