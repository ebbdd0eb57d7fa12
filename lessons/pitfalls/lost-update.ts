// Read, await, write: `total += await …` reads the total before it waits and writes after. There is one thread only,
// and still every update that happened in between is overwritten.
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { dishesCounted: number };

export const about: About<Seen> = {
  title: 'Await between reading and writing',
  symptom: '10 orders of one dish each are counted at the same time, and the count is 1.',
  remedy: 'Await first, then read and write without an await between; where that cannot be, a lock.',
  foundBy: ['eslint require-atomic-updates'],
  missedWhen: 'the value is a field of `this`, or a row in a database',
  shows: { wrong: { dishesCounted: 1 }, right: { dishesCounted: 10 } },
};

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

export async function wrong(): Promise<Seen> {
  using _ = openRestaurant();
  let dishesCounted = 0;
  await Promise.all(
    IDS.map(async (id) => {
      dishesCounted += await dishesOf(id);
    }),
  );
  return { dishesCounted };
}

// The same line, but the await is over before `+=` reads.
export async function right(): Promise<Seen> {
  using _ = openRestaurant();
  let dishesCounted = 0;
  await Promise.all(
    IDS.map(async (id) => {
      const dishes = await dishesOf(id);
      dishesCounted += dishes;
    }),
  );
  return { dishesCounted };
}

async function dishesOf(id: number): Promise<number> {
  await fetchOrder(id);
  return 1;
}
