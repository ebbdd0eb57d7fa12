// The stoves are scarce, so the limit belongs to the dishes. A table that waits holds no place.
import type { Cook } from '../frame/kitchen.ts';
import type { Limit } from '../frame/limit.ts';

export async function serveTables(
  tables: ReadonlyArray<readonly number[]>,
  cook: Cook,
  limit: Limit,
): Promise<string[][]> {
  const serveTable = (ids: readonly number[]) => Promise.all(ids.map((id) => limit(() => cook(id))));
  return Promise.all(tables.map((ids) => serveTable(ids)));
}
