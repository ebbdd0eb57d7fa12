// Seen: It had 5 orders.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveTables(tables: ReadonlyArray<readonly number[]>, cook: Cook): Promise<string[][]> {
  return Promise.all(tables.map((ids) => Promise.all(ids.map((id) => cook(id)))));
}
