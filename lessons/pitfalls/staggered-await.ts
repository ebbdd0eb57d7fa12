// Two promises started together and awaited one after the other. While the first await waits, nobody listens to the
// other promise; if that one rejects meanwhile, Node ends the process, although its await stands inside the try.
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

export const about: About<Ended> = {
  title: 'Start two, then await them in turn',
  symptom: 'The process dies of an error whose await stands inside a try: the await was not reached yet.',
  remedy: 'Await them in one expression, Promise.all: it listens to both from the start.',
  foundBy: [],
  shows: {
    wrong: { printed: ['both are ordered'], exitCode: 1, complaint: 'Error: order 0: status 404' },
    right: { printed: ['both are ordered', 'sorry: order 0: status 404'], exitCode: 0, complaint: '' },
  },
};

// Without the try around it this would be plain; with it, the reviewer nods.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    openRestaurant({ gated: true });
    try {
      const [dish, wine] = [fetchOrder(1), fetchOrder(0)]; // the dish stays in the kitchen; there is no order 0
      console.log('both are ordered');
      console.log(`served: ${(await dish).id}`);
      console.log(`served: ${(await wine).id}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    openRestaurant({ gated: true });
    try {
      const ordered = [fetchOrder(1), fetchOrder(0)];
      console.log('both are ordered');
      for (const order of await Promise.all(ordered)) console.log(`served: ${order.id}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
  });
}
