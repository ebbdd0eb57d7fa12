// Seen: It had 5 orders.
import type { Cook } from '../../frame/kitchen.ts';
import type { Limit } from '../../frame/limit.ts';

export async function serveTables(
  tables: ReadonlyArray<readonly number[]>,
  cook: Cook,
  limit: Limit,
): Promise<string[][]> {
  return Promise.all(tables.map((ids) => limit(() => Promise.all(ids.map((id) => cook(id))))));
}
