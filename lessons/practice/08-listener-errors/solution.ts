// The listener catches what it may throw, since nobody else can.
import type { EventEmitter } from 'node:events';
import type { Cook } from '../frame/kitchen.ts';

export function listen(
  orders: EventEmitter,
  cook: Cook,
  table: string[],
  onFailure: (error: unknown) => void,
): void {
  async function serve(id: number): Promise<void> {
    try {
      table.push(await cook(id));
    } catch (error) {
      onFailure(error);
    }
  }
  orders.on('order', (id: number) => void serve(id));
}
