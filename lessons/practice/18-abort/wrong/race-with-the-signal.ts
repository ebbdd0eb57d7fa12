// Seen: The API was still busy with 2 requests after the abort.
import type { Order } from '../solution.ts';

export async function loadOrders(
  origin: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Order[]> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  const all = ids.map(async (id) => (await (await fetch(`${origin}/orders/${id}`)).json()) as Order);
  return Promise.race([Promise.all(all), aborted]);
}
