// Seen: It fulfilled with [null,"dish 2"].
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
      } catch {
        hasFailed = true;
      }
    }
  }
  await Promise.all(Array.from({ length: stoves }, lane));
  return dishes;
}
