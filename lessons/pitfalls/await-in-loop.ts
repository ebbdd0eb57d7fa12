// await inside a loop over requests that do not depend on each other. Each request waits for the one before it, so the
// whole takes the sum of all waits. Started together, they would take as long as the slowest.
import type { Order } from '../../src/api/orders.ts';
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, peakInFlightOf } from './frame/restaurant.ts';

const IDS = [1, 2, 3, 4, 5];

// It looks right because it reads like synchronous code. It is right if a
// request needs the answer of the one before, or if the API allows only one.
export async function wrong(): Promise<Order[]> {
  const orders: Order[] = [];
  for (const id of IDS) {
    orders.push(await fetchOrder(id));
  }
  return orders;
}

// All requests are started before the first answer is awaited.
export async function right(): Promise<Order[]> {
  return Promise.all(IDS.map((id) => fetchOrder(id)));
}

export const pitfall = pitfallOf({
  about: {
    title: 'Await one by one what could overlap',
    symptom: 'The API never sees more than one request in flight, however many the program has to make.',
    remedy:
      'Use Promise.all over map if there are few requests. If there are many, use a bounded pool, which has only so many in flight at once.',
    foundBy: ['oxlint no-await-in-loop'],
    missedWhen: 'the awaits stand one below the other, or the loop is a recursion',
    shows: {
      wrong: { orders: 5, peakInFlight: 1 },
      right: { orders: 5, peakInFlight: 5 },
    },
  },
  wrong,
  right,
  async show(version) {
    let orders = 0;
    const peakInFlight = await peakInFlightOf(async () => {
      orders = (await version()).length;
    }, IDS.length);
    return { orders, peakInFlight };
  },
});
