// Seen: 7 orders were in the kitchen.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookAll(ids: readonly number[], cook: Cook): Promise<string[]> {
  return Promise.all(ids.map((id) => cook(id)));
}
