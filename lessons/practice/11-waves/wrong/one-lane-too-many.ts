// Seen: 4 orders were in the kitchen.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  let next = 0;
  const lanes: Array<Promise<void>> = [];
  for (let lane = 0; lane <= stoves; lane++) {
    lanes.push(
      (async () => {
        while (next < ids.length) {
          const place = next++;
          dishes[place] = await cook(ids[place]!);
        }
      })(),
    );
  }
  await Promise.all(lanes);
  return dishes;
}
