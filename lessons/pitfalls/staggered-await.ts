// Two promises are started together and awaited one after the other. During the first await nobody handles the second
// promise. If the second one rejects in that time, it is an unhandled rejection and Node ends the process.
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because both awaits stand inside a try. But the second await
// is not reached yet when its promise rejects: there is no order 0.
export async function wrong(): Promise<void> {
  try {
    const dish = fetchOrder(1);
    const wine = fetchOrder(0);
    console.log('both are ordered');
    console.log(`served: ${(await dish).id}`);
    console.log(`served: ${(await wine).id}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
}

// Promise.all handles both promises from the start.
export async function right(): Promise<void> {
  try {
    const ordered = [fetchOrder(1), fetchOrder(0)];
    console.log('both are ordered');
    const served = await Promise.all(ordered);
    for (const order of served) console.log(`served: ${order.id}`);
  } catch (error) {
    console.log(`sorry: ${(error as Error).message}`);
  }
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Start two, then await them in turn',
    symptom:
      'An error ends the process although its await stands inside a try. The program had not reached that await yet, so the error was an unhandled rejection.',
    remedy: 'Await both in one expression with Promise.all. It handles both promises from the start.',
    foundBy: ['awaiting not awaited yet'],
    shows: {
      wrong: { printed: ['both are ordered'], exitCode: 1, stderr: 'Error: order 0: status 404' },
      right: { printed: ['both are ordered', 'sorry: order 0: status 404'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  scene: (version) => {
    openRestaurant({ gated: true }); // order 1 stays in the kitchen
    return version();
  },
});
