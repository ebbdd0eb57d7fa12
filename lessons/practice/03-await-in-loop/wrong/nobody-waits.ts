// Seen: It fulfilled with ["dish 3","dish 1"].
import type { Cook } from '../../frame/kitchen.ts';

export async function dinner(ids: readonly number[], cook: Cook): Promise<string[]> {
  const dishes: string[] = [];
  for (const id of ids)
    cook(id).then(
      (dish) => dishes.push(dish),
      () => {},
    );
  return dishes;
}
