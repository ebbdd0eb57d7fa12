// new Promise(async …): the executor is the function that new Promise calls. If an async executor throws, it rejects its
// own promise, which nobody has. The promise that new Promise made never settles, and whoever awaits it waits for ever.
import type { Order } from '../../src/api/orders.ts';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because the executor needs an await, and await needs async.
export async function wrong(): Promise<void> {
  const order = new Promise<Order>(async (resolve) => {
    resolve(await fetchOrder(0));
  });
  try {
    console.log(`served: ${(await order).id}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
}

// An async function returns a promise already.
export async function right(): Promise<void> {
  const order = fetchOrder(0);
  try {
    console.log(`served: ${(await order).id}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Make a promise with an async executor',
    symptom:
      'No catch gets the error (an unhandled rejection), and the promise never settles. The await waits for ever, and Node ends the process with exit code 13.',
    remedy:
      'Call the async function without a new Promise around it. To turn a callback into a promise, use Promise.withResolvers.',
    foundBy: [
      'oxlint no-async-promise-executor',
      'oxlint typescript/no-misused-promises',
      'oxlint typescript/strict-void-return',
      'node exit code 13',
      'awaiting ends with 13',
    ],
    shows: {
      wrong: {
        printed: ['nobody caught: order 0: status 404'],
        exitCode: 13,
        stderr: 'Warning: Detected unsettled top-level await',
      },
      right: { printed: ['sorry: order 0: status 404'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  scene: inAProgramThatGoesOn,
});

/**
 * Many programs log unhandled rejections and go on, and so does this one. Without that it would end with exit code 1.
 * Exit code 13 stands for a top-level await that never ends, as in child.ts. Without a top-level await it would be 0.
 */
function inAProgramThatGoesOn(version: () => Promise<void>): Promise<void> {
  openRestaurant();
  process.on('unhandledRejection', (error: Error) => console.log(`nobody caught: ${error.message}`));
  return version();
}
