// Closing time. This counter says good night at once, although dishes are still in the kitchen: whoever
// ordered them may never get them. A graceful shutdown takes nothing new, and lets what has begun come to its
// end.
//
// What is wanted: `openCounter(cook)` returns `order` and `close`. After `close` was called, `order` rejects
// and asks nobody. The promise of `close` fulfils when all that was in the kitchen is served or burnt; it
// never rejects. Guests who ordered before the close still get their dishes. `close` may be called twice: both
// promises fulfil when the kitchen is empty.
import type { Cook } from '../frame/kitchen.ts';

export interface Counter {
  order(id: number): Promise<string>;
  close(): Promise<void>;
}

export function openCounter(cook: Cook): Counter {
  let isOpen = true;
  return {
    async order(id) {
      if (!isOpen) throw new Error('closed');
      return cook(id);
    },
    async close() {
      isOpen = false;
    },
  };
}
