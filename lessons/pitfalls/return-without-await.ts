// `return promise` inside try or using: the function is left at once, and the promise settles afterwards. So catch does
// not catch, finally runs too early, and what `using` opened is closed while it is still in use.
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { events: readonly string[] };

export const about: About<Seen> = {
  title: 'Return a promise out of try or using',
  symptom: 'The catch around it is skipped, and the drawer is closed before the order has been put into it.',
  remedy: 'return await, wherever try, finally or using stands around it.',
  foundBy: ['oxlint typescript/return-await'],
  shows: {
    wrong: { events: ['the drawer closes', 'order 1 is filed', 'the error got past the catch'] },
    right: { events: ['order 1 is filed', 'the drawer closes', 'the error was caught'] },
  },
};

// "return await is redundant" was a lint rule for years (no-return-await, deprecated). Here it is wrong; elsewhere await
// costs nothing and keeps the function in the stack trace.
export async function wrong(): Promise<Seen> {
  using _ = openRestaurant();
  const events: string[] = [];
  const fileOrder = async () => {
    using drawer = new Drawer(events);
    return drawer.file(1);
  };
  const orderIfThereIsOne = async (id: number) => {
    try {
      return fetchOrder(id);
    } catch {
      return events.push('the error was caught');
    }
  };
  await fileOrder();
  await orderIfThereIsOne(0).catch(() => events.push('the error got past the catch'));
  return { events };
}

export async function right(): Promise<Seen> {
  using _ = openRestaurant();
  const events: string[] = [];
  const fileOrder = async () => {
    using drawer = new Drawer(events);
    return await drawer.file(1);
  };
  const orderIfThereIsOne = async (id: number) => {
    try {
      return await fetchOrder(id);
    } catch {
      return events.push('the error was caught');
    }
  };
  await fileOrder();
  await orderIfThereIsOne(0).catch(() => events.push('the error got past the catch'));
  return { events };
}

class Drawer implements Disposable {
  readonly #events: string[];
  constructor(events: string[]) {
    this.#events = events;
  }
  async file(id: number): Promise<void> {
    await fetchOrder(id);
    this.#events.push(`order ${id} is filed`);
  }
  [Symbol.dispose](): void {
    this.#events.push('the drawer closes');
  }
}
