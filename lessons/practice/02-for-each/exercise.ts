// The kitchen has one stove, so the orders have to be cooked one by one.
//
// What is wanted: `serveAll` cooks the orders in their order. It begins an order only when the one before is
// ready. It puts each dish on the table, and in the end it returns how many there are. A burnt order ends it:
// its caller hears of that, and nothing more is cooked.
import type { Cook } from '../frame/kitchen.ts';

export async function serveAll(ids: readonly number[], cook: Cook, table: string[]): Promise<number> {
  ids.forEach(async (id) => {
    table.push(await cook(id));
  });
  return table.length;
}
