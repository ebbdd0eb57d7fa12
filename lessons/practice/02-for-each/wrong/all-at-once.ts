// Seen: Order 2 was started before order 1 was ready.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveAll(ids: readonly number[], cook: Cook, table: string[]): Promise<number> {
  await Promise.all(ids.map(async (id) => table.push(await cook(id))));
  return table.length;
}
