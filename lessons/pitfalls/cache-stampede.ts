// A cache of values is empty until the first answer has arrived, so everybody who asks before that goes and asks the
// API himself. It happens when it hurts most: at start, and whenever a popular entry has expired.
import type { Order } from '../../src/api/orders.ts';
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { guestsServed: number; requestsSeen: number };

export const about: About<Seen> = {
  title: 'Cache the value instead of the promise',
  symptom:
    '10 guests ask for the same order at the same time, and in spite of the cache the API sees 10 requests.',
  remedy: 'Cache the promise (single flight), and drop it from the cache if it rejects.',
  foundBy: [],
  shows: { wrong: { guestsServed: 10, requestsSeen: 10 }, right: { guestsServed: 10, requestsSeen: 1 } },
};

const GUESTS = Array.from({ length: 10 }, (_, index) => index + 1);

// Look, fetch, store is right wherever fetching does not wait.
export async function wrong(): Promise<Seen> {
  const cache = new Map<number, Order>();
  const cached = async (id: number) => {
    const known = cache.get(id);
    if (known) return known;
    const order = await fetchOrder(id);
    cache.set(id, order);
    return order;
  };
  return askTogether(cached);
}

// No await stands between looking and storing. A failure must leave the cache, or it would be served for ever.
export async function right(): Promise<Seen> {
  const cache = new Map<number, Promise<Order>>();
  const cached = (id: number) => {
    const known = cache.get(id);
    if (known) return known;
    const order = fetchOrder(id);
    cache.set(id, order);
    order.catch(() => cache.delete(id));
    return order;
  };
  return askTogether(cached);
}

async function askTogether(cached: (id: number) => Promise<Order>): Promise<Seen> {
  using restaurant = openRestaurant();
  const served = await Promise.all(GUESTS.map(() => cached(1)));
  return { guestsServed: served.length, requestsSeen: restaurant.stats.started };
}
