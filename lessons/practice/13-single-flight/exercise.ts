// Ten guests ask for the soup of the day at the same moment. The cache is empty, so each of them sends the
// kitchen to work. This is called a cache stampede. Its remedy is called single flight: guests who ask
// while the kitchen works on a dish share that work.
//
// What is wanted: `cached(cook)` returns a function that asks the kitchen once for each id, and gives
// everybody that dish, at once or later. A failure is not kept: the next guest who asks makes the
// kitchen try again.
import type { Cook } from '../frame/kitchen.ts';

export function cached(cook: Cook): (id: number) => Promise<string> {
  const dishes = new Map<number, string>();
  return async (id) => {
    const known = dishes.get(id);
    if (known !== undefined) return known;
    const dish = await cook(id);
    dishes.set(id, dish);
    return dish;
  };
}
