// Seen: Started: 1 and 2.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveAll(ids: readonly number[], cook: Cook, table: string[]): Promise<number> {
  for (const id of ids) {
    try {
      table.push(await cook(id));
    } catch (error) {
      console.error(error);
    }
  }
  return table.length;
}
