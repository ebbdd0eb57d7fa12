// The kitchen has a few stoves. This waiter brings the orders in waves: the next wave starts when the whole
// wave is ready. So every wave takes as long as its slowest dish, and the other stoves get cold.
//
// What is wanted: `cookAll` keeps `stoves` orders in the kitchen as long as there are orders left, and never
// more. It fulfils with the dishes in the order of `ids`. If a dish burns, the caller hears of it.
import type { Cook } from '../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  for (let first = 0; first < ids.length; first += stoves) {
    const wave = ids.slice(first, first + stoves);
    dishes.push(...(await Promise.all(wave.map((id) => cook(id)))));
  }
  return dishes;
}
