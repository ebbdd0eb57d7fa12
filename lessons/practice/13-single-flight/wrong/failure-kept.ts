// Seen: Order 2 burnt once and was not cooked again. It was rejected with Error: order 2 burnt.
import type { Cook } from '../../frame/kitchen.ts';

export function cached(cook: Cook): (id: number) => Promise<string> {
  const orders = new Map<number, Promise<string>>();
  return (id) => {
    let order = orders.get(id);
    if (order === undefined) {
      order = cook(id);
      orders.set(id, order);
    }
    return order;
  };
}
