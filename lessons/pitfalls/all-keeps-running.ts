// After Promise.all has rejected, the others run on. Promise.all only stops waiting: what it was given has been
// started long before, and nothing tells it to stop. Here it goes on charging cards after the guests were told.
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant, type Restaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Seen = { events: readonly string[]; answered: number; cancelled: number };

export const about: About<Seen> = {
  title: 'Mistake a rejected Promise.all for the end',
  symptom: 'After the catch the other tasks still run and write: 2 orders are charged that were called off.',
  remedy:
    'One AbortController for all; abort it in the catch, then wait until all have settled (a task group).',
  foundBy: [],
  shows: {
    wrong: {
      events: ['"Sorry, nothing was charged."', 'an order is charged', 'an order is charged'],
      answered: 2,
      cancelled: 0,
    },
    right: { events: ['"Sorry, nothing was charged."'], answered: 0, cancelled: 2 },
  },
};

// In a catch one expects all before it to be over.
export async function wrong(): Promise<Seen> {
  return evening(async ({ gate }, note) => {
    const charge = async (id: number) => {
      await fetchOrder(id);
      note('an order is charged');
    };
    try {
      await Promise.all([charge(1), charge(2), declined(gate)]);
    } catch {
      note('"Sorry, nothing was charged."');
    }
  });
}

// Abort alone is not enough: only when all have settled is it true that nothing will happen any more.
export async function right(): Promise<Seen> {
  return evening(async ({ gate }, note) => {
    const group = new AbortController();
    const charge = async (id: number) => {
      await fetchOrder(id, group.signal);
      note('an order is charged');
    };
    const tasks = [charge(1), charge(2), declined(gate)];
    try {
      await Promise.all(tasks);
    } catch (error) {
      group.abort(error);
      await Promise.allSettled(tasks);
      note('"Sorry, nothing was charged."');
    }
  });
}

/** The third guest's card, declined while the first two orders are in the kitchen. */
async function declined(gate: Restaurant['gate']): Promise<void> {
  await gate.waitFor(2);
  throw new Error('card declined');
}

async function evening(
  work: (restaurant: Restaurant, note: (event: string) => void) => Promise<void>,
): Promise<Seen> {
  using restaurant = openRestaurant({ gated: true });
  const events: string[] = [];
  await work(restaurant, (event) => events.push(event));
  restaurant.gate.letGo();
  await until(() => restaurant.stats.inFlight === 0);
  await until(() => events.length > restaurant.stats.completed);
  const { completed, aborted } = restaurant.stats;
  return { events, answered: completed, cancelled: aborted };
}
