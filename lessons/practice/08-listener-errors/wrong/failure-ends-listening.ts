// Seen: Order 3 did not reach the kitchen.
import type { EventEmitter } from 'node:events';
import type { Cook } from '../../frame/kitchen.ts';

export function listen(
  orders: EventEmitter,
  cook: Cook,
  table: string[],
  onFailure: (error: unknown) => void,
): void {
  const serve = async (id: number) => {
    try {
      table.push(await cook(id));
    } catch (error) {
      orders.off('order', serve);
      onFailure(error);
    }
  };
  orders.on('order', serve);
}
