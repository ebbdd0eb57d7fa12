// Seen: Nobody handled this rejection: Error: order 1 burnt.
import type { EventEmitter } from 'node:events';
import type { Cook } from '../../frame/kitchen.ts';

export function listen(
  orders: EventEmitter,
  cook: Cook,
  table: string[],
  onFailure: (error: unknown) => void,
): void {
  orders.on('order', (id: number) => {
    try {
      void cook(id).then((dish) => table.push(dish));
    } catch (error) {
      onFailure(error);
    }
  });
}
