// Orders come as events. The listener is an async function, and an event emitter does not look at the promise
// that a listener returns. So a failure has nobody who hears of it, and Node ends the process.
//
// What is wanted: every `order` event is cooked and put on the table. A failure goes to `onFailure`, and the
// orders that come after it are served as before. Orders do not wait for each other.
import type { EventEmitter } from 'node:events';
import type { Cook } from '../frame/kitchen.ts';

export function listen(
  orders: EventEmitter,
  cook: Cook,
  table: string[],
  onFailure: (error: unknown) => void,
): void {
  orders.on('order', async (id: number) => {
    table.push(await cook(id));
  });
  orders.on('error', onFailure);
}
