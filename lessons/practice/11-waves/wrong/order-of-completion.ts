// Seen: They came as ["dish 2","dish 4","dish 3","dish 6","dish 7","dish 5","dish 1"].
import type { Cook } from '../../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length) {
      const place = next++;
      dishes.push(await cook(ids[place]!));
    }
  }
  await Promise.all(Array.from({ length: stoves }, lane));
  return dishes;
}
