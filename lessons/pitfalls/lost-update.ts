// A race condition on one thread: the result depends on the order of events. `total += await …` reads the total first,
// then waits, then writes. Every update that happened in between is overwritten, so it is lost.
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

// It looks right because += is one line, and there is only one thread.
export async function wrong(): Promise<number> {
  let dishesCounted = 0;
  const count = async (id: number) => {
    dishesCounted += await dishesOf(id);
  };
  await Promise.all(IDS.map(count));
  return dishesCounted;
}

// The await is over before += reads.
export async function right(): Promise<number> {
  let dishesCounted = 0;
  const count = async (id: number) => {
    const dishes = await dishesOf(id);
    dishesCounted += dishes;
  };
  await Promise.all(IDS.map(count));
  return dishesCounted;
}

export const pitfall = pitfallOf({
  about: {
    title: 'Await between reading and writing',
    symptom:
      'Ten orders of one dish each are counted at the same time, and the count is 1. It is a race condition: each order overwrites what the others have added.',
    remedy:
      'Await first. Then read and write without an await between them. If an await must stand between them, use a lock.',
    foundBy: ['eslint require-atomic-updates'],
    missedWhen: 'the value is a field of `this`, or a row in a database',
    shows: { wrong: { dishesCounted: 1 }, right: { dishesCounted: 10 } },
  },
  wrong,
  right,
  async show(version) {
    using _ = openRestaurant();
    return { dishesCounted: await version() };
  },
});

async function dishesOf(id: number): Promise<number> {
  await fetchOrder(id);
  return 1;
}
