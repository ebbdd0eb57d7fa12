// Seen: It had 2 orders.
import type { Cook } from '../../frame/kitchen.ts';
import type { Limit } from '../../frame/limit.ts';

// Nobody waits for themselves any more, but with three places and two tables a stove stays cold.
export async function serveTables(
  tables: ReadonlyArray<readonly number[]>,
  cook: Cook,
  limit: Limit,
): Promise<string[][]> {
  const serveTable = async (ids: readonly number[]) => {
    const dishes: string[] = [];
    for (const id of ids) dishes.push(await limit(() => cook(id)));
    return dishes;
  };
  return Promise.all(tables.map((ids) => serveTable(ids)));
}
