// A bounded pool. Each lane takes the next order as soon as its own is ready, and all lanes take from the
// same list. There is no `await` between reading `next` and raising it, so that no two lanes take the same
// order.
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
