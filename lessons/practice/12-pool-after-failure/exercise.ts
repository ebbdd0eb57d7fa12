// The pool of the last exercise, and an order that burns. The other lanes do not hear of it: they go on with
// the list, although nobody waits for the dinner any more.
//
// What is wanted: after the first failure no further order is started. `cookAll` rejects with that failure
// when the orders that are in the kitchen have ended, so that no order is still in the kitchen when the caller
// goes on.
import type { Cook } from '../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length) {
      const place = next;
      next++;
      dishes[place] = await cook(ids[place]!);
    }
  }
  await Promise.all(Array.from({ length: stoves }, lane));
  return dishes;
}
