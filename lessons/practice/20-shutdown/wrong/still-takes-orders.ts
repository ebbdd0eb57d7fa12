// Seen: Order 4 reached the kitchen.
import type { Cook } from '../../frame/kitchen.ts';
import type { Counter } from '../solution.ts';

export function openCounter(cook: Cook): Counter {
  const inKitchen = new Set<Promise<string>>();
  return {
    order(id) {
      const dish = cook(id);
      inKitchen.add(dish);
      return dish;
    },
    async close() {
      await Promise.allSettled(inKitchen);
    },
  };
}
