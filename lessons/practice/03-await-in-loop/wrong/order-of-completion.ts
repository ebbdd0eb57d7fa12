// Seen: They came as ["dish 3","dish 1","dish 2"].
import type { Cook } from '../../frame/kitchen.ts';

export async function dinner(ids: readonly number[], cook: Cook): Promise<string[]> {
  const dishes: string[] = [];
  await Promise.all(ids.map(async (id) => dishes.push(await cook(id))));
  return dishes;
}
