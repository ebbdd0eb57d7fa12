// Seen: Order 2 was done, but nobody took the next order: 2 orders were in the kitchen.
import type { Cook } from '../../frame/kitchen.ts';

// A sliding window that waits for its oldest order, whichever is ready.
export async function cookAll(ids: readonly number[], cook: Cook, stoves: number): Promise<string[]> {
  const dishes: string[] = [];
  const window: Array<Promise<string>> = [];
  for (const id of ids) {
    if (window.length === stoves) dishes.push(await window.shift()!);
    const dish = cook(id);
    dish.catch(() => {});
    window.push(dish);
  }
  for (const dish of window) dishes.push(await dish);
  return dishes;
}
