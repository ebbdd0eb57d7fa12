// Seen: Order 3 was started after order 1 had burnt.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length) {
      const place = next++;
      dishes[place] = await cook(ids[place]!);
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: stoves }, lane));
  const failed = lanes.find((ended) => ended.status === 'rejected');
  if (failed) throw failed.reason;
  return dishes;
}
