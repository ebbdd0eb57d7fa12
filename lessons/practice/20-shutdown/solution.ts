// The counter remembers what is in the kitchen. Nothing is added to that after the close, so waiting for it
// once is enough.
import type { Cook } from '../frame/kitchen.ts';

export interface Counter {
  order(id: number): Promise<string>;
  close(): Promise<void>;
}

export function openCounter(cook: Cook): Counter {
  const inKitchen = new Set<Promise<string>>();
  let isOpen = true;
  return {
    async order(id) {
      if (!isOpen) throw new Error('closed');
      const dish = cook(id);
      inKitchen.add(dish);
      try {
        return await dish;
      } finally {
        // equal without it: a promise that has settled costs nothing to wait for, only memory to keep
        inKitchen.delete(dish);
      }
    },
    async close() {
      isOpen = false;
      await Promise.allSettled(inKitchen);
    },
  };
}
