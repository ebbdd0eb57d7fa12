// Seen: The kitchen cooked order 1 2 times.
import type { Cook } from '../../frame/kitchen.ts';

export function cached(cook: Cook): (id: number) => Promise<string> {
  const orders = new Map<number, Promise<string>>();
  return async (id) => {
    const known = orders.get(id);
    if (known !== undefined) return known;
    const order = cook(id);
    orders.set(id, order);
    try {
      return await order;
    } finally {
      orders.delete(id);
    }
  };
}
