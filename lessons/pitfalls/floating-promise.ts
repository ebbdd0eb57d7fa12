// A floating promise: nobody awaits it. Calling an async function starts it and returns a promise, not the result. In
// Python nothing would start without await, and a warning would say so. Here the work runs, nobody waits for its end,
// and nobody catches its error. Such an error is an unhandled rejection, and it ends a Node process.
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because both calls look like ordinary calls. TypeScript
// objects only where the promise is used as if it were the number.
export async function wrong(): Promise<void> {
  try {
    const served = serveOrders(1, 0);
    // @ts-expect-error a promise is not a number
    console.log(`still to serve: ${2 - served}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
  closeTill();
}

// At an await the error of a promise becomes an exception, so catch gets it.
export async function right(): Promise<void> {
  try {
    const served = await serveOrders(1, 0);
    console.log(`still to serve: ${2 - served}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
  await closeTill();
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Forget await, and nobody waits',
    symptom:
      'The result is a promise, so the sum is NaN. The till closes before the orders are served. An error becomes an unhandled rejection (no code catches it), and that ends the process.',
    remedy: 'Await every promise, or hand it to code that awaits it.',
    foundBy: ['oxlint typescript/no-floating-promises', 'tsc TS2363'],
    missedWhen: 'the code says `void closeTill()`, or keeps the promise in a variable',
    article: 'Pitfalls 2, "Forgetting await"',
    shows: {
      wrong: {
        printed: ['still to serve: NaN', 'the till is closed', 'served order 1'],
        exitCode: 1,
        stderr: 'Error: order 0: status 404',
      },
      right: {
        printed: ['served order 1', 'sorry: order 0: status 404', 'the till is closed'],
        exitCode: 0,
        stderr: '',
      },
    },
  },
  wrong,
  right,
  scene: (version) => {
    openRestaurant();
    return version();
  },
});

/** There is no order 0. With the orders 1 and 0 it serves the first and then fails. */
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
