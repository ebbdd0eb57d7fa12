// Seen: It heard of no failure.
import type { EventEmitter } from 'node:events';
import type { Cook } from '../../frame/kitchen.ts';

export function listen(orders: EventEmitter, cook: Cook, table: string[]): void {
  orders.on('order', (id: number) => {
    cook(id).then(
      (dish) => table.push(dish),
      () => {},
    );
  });
}
