// A cache stampede. A cache of values is empty until the first answer has arrived, so everybody who asks before that
// sends a request of their own. It happens when it hurts most: at start, and when a popular entry has expired.
import type { Order } from '../../src/api/orders.ts';
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type CachedLookup = (id: number) => Promise<Order>;

// It looks right because it is right in synchronous code: look, fetch, store,
// and nothing runs in between. Here all guests look before the first one
// stores.
export function wrong(): CachedLookup {
  const cache = new Map<number, Order>();
  return async (id) => {
    const known = cache.get(id);
    if (known) return known;
    const order = await fetchOrder(id);
    cache.set(id, order);
    return order;
  };
}

// No await stands between looking and storing. A failed request must leave
// the cache, or its error would be served for ever.
export function right(): CachedLookup {
  const cache = new Map<number, Promise<Order>>();
  return (id) => {
    const known = cache.get(id);
    if (known) return known;
    const order = fetchOrder(id);
    cache.set(id, order);
    order.catch(() => cache.delete(id));
    return order;
  };
}

export const pitfall = pitfallOf({
  about: {
    title: 'Cache the value instead of the promise',
    symptom:
      'Ten guests ask for the same order at the same time. There is a cache, and still the API sees 10 requests.',
    remedy:
      'Cache the promise, and delete it if it rejects. Then all who ask at the same time share one request (single flight).',
    foundBy: [],
    shows: { wrong: { guestsServed: 10, requestsSeen: 10 }, right: { guestsServed: 10, requestsSeen: 1 } },
  },
  wrong,
  right,
  async show(version: () => CachedLookup) {
    using restaurant = openRestaurant();
    const cached = version();
    const served = await Promise.all(Array.from({ length: 10 }, () => cached(1)));
    return { guestsServed: served.length, requestsSeen: restaurant.stats.started };
  },
});
