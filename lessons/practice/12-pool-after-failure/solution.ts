// All lanes look at the same flag before they take an order. A lane does not throw: it notes the failure, so
// that Promise.all waits for every lane, and the function throws in the end.
import type { Cook } from '../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  const failures: unknown[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < ids.length && failures.length === 0) {
      const place = next;
      next++;
      try {
        dishes[place] = await cook(ids[place]!);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: stoves }, lane));
  if (failures.length > 0) throw failures[0];
  return dishes;
}
