// Seen: It fulfilled with [].
import type { Order } from '../solution.ts';

export async function loadOrders(
  origin: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Order[]> {
  try {
    return await Promise.all(
      ids.map(async (id) => (await (await fetch(`${origin}/orders/${id}`, { signal })).json()) as Order),
    );
  } catch {
    return [];
  }
}
