// forEach with an async callback. forEach calls the callback for each item and throws the promises away. So the function
// goes on at once, nobody waits for the items, and nobody catches an error of the callback.
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

const IDS = [1, 2, 3];

// It looks right because there is an await in front of fetchOrder. But only
// the callback waits there. The function around it does not.
export async function wrong(note: (event: string) => void): Promise<void> {
  IDS.forEach(async (id) => {
    await fetchOrder(id);
    note('an order is served');
  });
  note('the kitchen closes');
}

// map keeps the promises, and Promise.all waits for all of them.
// The orders are still cooked at the same time.
export async function right(note: (event: string) => void): Promise<void> {
  const served = IDS.map(async (id) => {
    await fetchOrder(id);
    note('an order is served');
  });
  await Promise.all(served);
  note('the kitchen closes');
}

export const pitfall = pitfallOf({
  about: {
    title: 'Pass an async callback to forEach',
    symptom:
      'forEach returns before the first item is done. The kitchen closes, and the orders are served after that.',
    remedy: 'Use Promise.all over map. If the items must follow one another, use for…of with await.',
    foundBy: ['oxlint typescript/no-misused-promises', 'oxlint typescript/strict-void-return'],
    shows: {
      wrong: {
        events: ['the kitchen closes', 'an order is served', 'an order is served', 'an order is served'],
      },
      right: {
        events: ['an order is served', 'an order is served', 'an order is served', 'the kitchen closes'],
      },
    },
  },
  wrong,
  right,
  show: eventsOf,
});

/** What was noted until all orders were served, even if the version did not wait for them. */
async function eventsOf(version: (note: (event: string) => void) => Promise<void>) {
  using _ = openRestaurant();
  const events: string[] = [];
  await version((event) => events.push(event));
  await until(() => events.length > IDS.length);
  return { events };
}
