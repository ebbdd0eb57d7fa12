// Seen: In the kitchen: 1.
import { once, type EventEmitter } from 'node:events';
import type { Cook } from '../../frame/kitchen.ts';

export async function listen(
  orders: EventEmitter,
  cook: Cook,
  table: string[],
  onFailure: (error: unknown) => void,
) {
  try {
    for (;;) {
      const [id] = (await once(orders, 'order')) as [number];
      table.push(await cook(id));
    }
  } catch (error) {
    onFailure(error);
  }
}
