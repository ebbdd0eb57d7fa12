// Seen: It had 1. It still waits.
import type { Order } from '../solution.ts';

export async function loadOrders(
  origin: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Order[]> {
  const orders: Order[] = [];
  for (const id of ids) {
    const response = await fetch(`${origin}/orders/${id}`, { signal });
    orders.push((await response.json()) as Order);
  }
  return orders;
}
