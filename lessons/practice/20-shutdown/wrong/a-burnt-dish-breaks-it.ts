// Seen: Closing failed. It was rejected with Error: order 1 burnt.
import type { Cook } from '../../frame/kitchen.ts';
import type { Counter } from '../solution.ts';

export function openCounter(cook: Cook): Counter {
  const inKitchen: Array<Promise<string>> = [];
  let isOpen = true;
  return {
    async order(id) {
      if (!isOpen) throw new Error('closed');
      const dish = cook(id);
      inKitchen.push(dish);
      return dish;
    },
    async close() {
      isOpen = false;
      await Promise.all(inKitchen);
    },
  };
}
