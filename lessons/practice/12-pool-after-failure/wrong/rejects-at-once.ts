// Seen: Order 2 was still in the kitchen. It was rejected with Error: order 1 burnt.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  let hasFailed = false;
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length && !hasFailed) {
      const place = next++;
      try {
        dishes[place] = await cook(ids[place]!);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: stoves }, lane));
  return dishes;
}
