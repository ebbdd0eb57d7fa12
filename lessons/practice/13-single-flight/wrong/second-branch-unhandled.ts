// Seen: Nobody handled this rejection: Error: order 2 burnt.
import type { Cook } from '../../frame/kitchen.ts';

// `finally` returns a promise of its own, which is rejected too, and nobody handles that one.
export function cached(cook: Cook): (id: number) => Promise<string> {
  const orders = new Map<number, Promise<string>>();
  const done = new Set<number>();
  return (id) => {
    const known = orders.get(id);
    if (known !== undefined) return known;
    const order = cook(id);
    orders.set(id, order);
    order.then(
      () => done.add(id),
      () => {},
    );
    void order.finally(() => {
      if (!done.has(id)) orders.delete(id);
    });
    return order;
  };
}
