// The map keeps promises instead of dishes: a promise is there from the first question on. One that is
// rejected is taken out.
import type { Cook } from '../frame/kitchen.ts';

export function cached(cook: Cook): (id: number) => Promise<string> {
  const orders = new Map<number, Promise<string>>();
  return (id) => {
    const known = orders.get(id);
    if (known !== undefined) return known;
    const order = cook(id);
    orders.set(id, order);
    order.catch(() => orders.delete(id));
    return order;
  };
}
