// Seen: Nobody handled this rejection: Error: order 2 burnt.
import type { Cook } from '../../frame/kitchen.ts';

// All are started, but waited for one after the other: while the first is waited for, nobody listens to the
// second.
export async function dinner(ids: readonly number[], cook: Cook): Promise<string[]> {
  const orders = ids.map((id) => cook(id));
  const dishes: string[] = [];
  for (const order of orders) dishes.push(await order);
  return dishes;
}
