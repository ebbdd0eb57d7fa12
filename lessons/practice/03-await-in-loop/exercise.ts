// The kitchen has many stoves, and the dishes of one dinner do not depend on each other. This waiter orders
// the next dish only when the one before is ready, so that the dinner takes the sum of all times instead of the
// longest.
//
// What is wanted: `dinner` orders everything at once and fulfils with the dishes in the order of `ids`,
// whichever is ready first. If one burns, the caller hears of it at once.
import type { Cook } from '../frame/kitchen.ts';

export async function dinner(ids: readonly number[], cook: Cook): Promise<string[]> {
  const dishes: string[] = [];
  for (const id of ids) {
    dishes.push(await cook(id));
  }
  return dishes;
}
