// await inside a loop over things that do not depend on each other: each waits for the one before, and the time is
// the sum of all waits. It reads so well that nobody sees it.
import type { Order } from '../../src/api/orders.ts';
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { orders: number; peakInFlight: number };

export const about: About<Seen> = {
  title: 'Await one by one what could go at once',
  symptom: 'The API never sees more than one request in flight, however many the program has to make.',
  remedy: 'Promise.all over map where they are few; a bounded pool where they are many.',
  foundBy: ['oxlint no-await-in-loop'],
  missedWhen: 'the awaits stand one below the other, or the loop is a recursion',
  shows: {
    wrong: { orders: 5, peakInFlight: 1 },
    right: { orders: 5, peakInFlight: 5 },
  },
};

const IDS = [1, 2, 3, 4, 5];

// Right only where the next request needs the answer of the one before, or where the API wants it so.
export async function wrong(): Promise<Seen> {
  using restaurant = openRestaurant();
  const orders: Order[] = [];
  for (const id of IDS) {
    orders.push(await fetchOrder(id));
  }
  return { orders: orders.length, peakInFlight: restaurant.stats.peakInFlight };
}

// The kitchen here cooks only once all five stand at the gate: one by one would wait for ever.
export async function right(): Promise<Seen> {
  using restaurant = openRestaurant({ batch: IDS.length });
  const orders = await Promise.all(IDS.map((id) => fetchOrder(id)));
  return { orders: orders.length, peakInFlight: restaurant.stats.peakInFlight };
}
