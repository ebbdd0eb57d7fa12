// One limit for everything looks like discipline: two places, for tables and for dishes. But a table that
// holds a place waits for dishes that need a place of the same limit. With two tables all places are taken,
// and everybody waits for everybody. This is a deadlock: each waits for what only another one could free.
//
// What is wanted: `serveTables` fulfils with the dishes of every table, in their order, and the kitchen never
// has more orders than the limit has places. It ends even if the limit has only one place.
import type { Cook } from '../frame/kitchen.ts';
import type { Limit } from '../frame/limit.ts';

export async function serveTables(
  tables: ReadonlyArray<readonly number[]>,
  cook: Cook,
  limit: Limit,
): Promise<string[][]> {
  const serveTable = (ids: readonly number[]) => Promise.all(ids.map((id) => limit(() => cook(id))));
  return Promise.all(tables.map((ids) => limit(() => serveTable(ids))));
}
