// Forgetting await: calling an async function starts it and hands back a promise instead of the result. In Python
// nothing would start and a warning would say so; here the work runs, nobody waits for it, and nobody hears it fail.
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

export const about: About<Ended> = {
  title: 'Forget await, and nobody waits',
  symptom:
    'The result is a promise, the till closes before the orders are served, and an error ends the process.',
  remedy: 'Await every promise, or hand it to someone who does.',
  foundBy: ['oxlint typescript/no-floating-promises', 'tsc TS2363'],
  missedWhen: 'it says `void closeTill()`, or the promise is kept in a variable',
  article: 'Pitfalls 2, "Forgetting await"',
  shows: {
    wrong: {
      printed: ['still to serve: NaN', 'the till is closed', 'served order 1'],
      exitCode: 1,
      complaint: 'Error: order 0: status 404',
    },
    right: {
      printed: ['served order 1', 'sorry: order 0: status 404', 'the till is closed'],
      exitCode: 0,
      complaint: '',
    },
  },
};

// Both calls look like calls. TypeScript objects only where the promise is used as if it were the number.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, () => {
    openRestaurant();
    try {
      const served = serveOrders(1, 0);
      // @ts-expect-error a promise is no number
      console.log(`still to serve: ${2 - served}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
    closeTill();
  });
}

// The catch works, because await is where the error of a promise becomes an exception of this function.
export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    openRestaurant();
    try {
      const served = await serveOrders(1, 0);
      console.log(`still to serve: ${2 - served}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
    await closeTill();
  });
}

/** There is no order 0, so with these orders it serves the first and then fails. */
async function serveOrders(...ids: number[]): Promise<number> {
  for (const id of ids) {
    await fetchOrder(id);
    console.log(`served order ${id}`);
  }
  return ids.length;
}

async function closeTill(): Promise<void> {
  console.log('the till is closed');
}
