// A guest waits so long and no longer. Promise.race makes the guest stop waiting, but the kitchen does not
// hear of it and goes on cooking. And when the dish is ready in time, the timer is still set.
//
// What is wanted: `cookWithin` fulfils with the dish if it is ready within `limitMs` milliseconds, and leaves
// no timer behind. Otherwise it stops the kitchen through the signal, and rejects with an error whose name is
// TimeoutError. If the dish burns in time, it rejects with that.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cook } from '../frame/kitchen.ts';

export async function cookWithin(id: number, cook: Cook, limitMs: number): Promise<string> {
  const late = sleep(limitMs).then(() => {
    throw new DOMException(`order ${id} took over ${limitMs} ms`, 'TimeoutError');
  });
  return Promise.race([cook(id), late]);
}
