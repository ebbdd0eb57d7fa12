// new Promise(async …): what an async executor throws rejects the promise of the executor, which nobody has, and not
// the one that was made. That one never settles, and whoever awaits it waits for ever.
import type { Order } from '../../src/api/orders.ts';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

export const about: About<Ended> = {
  title: 'Make a promise with an async executor',
  symptom: 'The error goes to nobody, the promise never settles, and the catch waits for ever: exit code 13.',
  remedy: 'An async function needs no new Promise around it; for a callback, Promise.withResolvers.',
  foundBy: [
    'oxlint no-async-promise-executor',
    'oxlint typescript/no-misused-promises',
    'oxlint typescript/strict-void-return',
    'node exit code 13',
  ],
  shows: {
    wrong: {
      printed: ['nobody caught: order 0: status 404'],
      exitCode: 13,
      complaint: 'Warning: Detected unsettled top-level await',
    },
    right: { printed: ['sorry: order 0: status 404'], exitCode: 0, complaint: '' },
  },
};

// The executor needs an await, and await needs async. The handler stands for a program that logs unhandled rejections
// and goes on; without one this ends with code 1. And 13 is for a top-level await, as here; without one it would be 0.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    openRestaurant();
    process.on('unhandledRejection', (error: Error) => console.log(`nobody caught: ${error.message}`));
    const order = new Promise<Order>(async (resolve) => {
      resolve(await fetchOrder(0));
    });
    try {
      console.log(`served: ${(await order).id}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    openRestaurant();
    process.on('unhandledRejection', (error: Error) => console.log(`nobody caught: ${error.message}`));
    const order = fetchOrder(0);
    try {
      console.log(`served: ${(await order).id}`);
    } catch (error) {
      console.log(`sorry: ${(error as Error).message}`);
    }
  });
}
