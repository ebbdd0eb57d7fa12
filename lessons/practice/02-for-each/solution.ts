// A loop stands inside the async function itself, so its `await` holds up the next round. The callback of
// forEach is a function of its own: its `await` holds up nobody but itself.
import type { Cook } from '../frame/kitchen.ts';

export async function serveAll(ids: readonly number[], cook: Cook, table: string[]): Promise<number> {
  for (const id of ids) {
    table.push(await cook(id));
  }
  return table.length;
}
