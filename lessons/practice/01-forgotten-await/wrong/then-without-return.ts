// Seen: The caller did not wait: It fulfilled with undefined.
import type { Cook } from '../../frame/kitchen.ts';

export async function bring(id: number, cook: Cook, table: string[]): Promise<void> {
  cook(id).then((dish) => table.push(dish));
}
