// Seen: Order 2 was still in the kitchen. It was rejected with Error: order 1 burnt.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveMenu(ids: readonly number[], cook: Cook): Promise<string[]> {
  const stop = new AbortController();
  try {
    return await Promise.all(ids.map((id) => cook(id, stop.signal)));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
