// forEach with an async callback: forEach calls it for each item and throws the promises away. The function goes on
// at once, nobody waits, and an error in the callback has nobody to go to.
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Seen = { events: readonly string[] };

export const about: About<Seen> = {
  title: 'Pass an async callback to forEach',
  symptom:
    'forEach returns before the first item is done: the kitchen closes, and then the orders are served.',
  remedy: 'Promise.all over map; for…of with await where one must follow the other.',
  foundBy: ['oxlint typescript/no-misused-promises', 'oxlint typescript/strict-void-return'],
  shows: {
    wrong: {
      events: ['the kitchen closes', 'an order is served', 'an order is served', 'an order is served'],
    },
    right: {
      events: ['an order is served', 'an order is served', 'an order is served', 'the kitchen closes'],
    },
  },
};

const IDS = [1, 2, 3];

// There is an await in front of fetchOrder, so it looks as if somebody waited. Only the callback does.
export async function wrong(): Promise<Seen> {
  return evening(async (note) => {
    IDS.forEach(async (id) => {
      await fetchOrder(id);
      note('an order is served');
    });
    note('the kitchen closes');
  });
}

// map keeps the promises, and Promise.all waits for them. The orders are still cooked at the same time.
export async function right(): Promise<Seen> {
  return evening(async (note) => {
    await Promise.all(
      IDS.map(async (id) => {
        await fetchOrder(id);
        note('an order is served');
      }),
    );
    note('the kitchen closes');
  });
}

/** What was noted until all orders were served, also those that `work` did not wait for. */
async function evening(work: (note: (event: string) => void) => Promise<void>): Promise<Seen> {
  using _ = openRestaurant();
  const events: string[] = [];
  await work((event) => events.push(event));
  await until(() => events.length > IDS.length);
  return { events };
}
