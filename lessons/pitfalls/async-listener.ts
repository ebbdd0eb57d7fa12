// An async function as an event listener. An emitter calls its listeners and ignores what they return. So an error in an
// async listener becomes an unhandled rejection, and the listener for 'error' is never called.
import { EventEmitter } from 'node:events';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because there is a listener for errors.
export function wrong(bell: EventEmitter): void {
  bell.on('error', (error: Error) => console.log(`sorry: ${error.message}`));
  bell.on('ring', async (id: number) => {
    console.log('the bell rings');
    await fetchOrder(id);
  });
}

// The listener catches its own error and hands it to the emitter.
export function right(bell: EventEmitter): void {
  bell.on('error', (error: Error) => console.log(`sorry: ${error.message}`));
  bell.on('ring', (id: number) => {
    console.log('the bell rings');
    fetchOrder(id).catch((error: unknown) => bell.emit('error', error));
  });
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Listen to events with an async function',
    symptom:
      'An error in the listener ends the process as an unhandled rejection, although there is a listener for errors.',
    remedy:
      'Catch the error inside the listener and emit it. The option captureRejections: true has the same effect, but a linter cannot see it.',
    foundBy: ['oxlint typescript/no-misused-promises', 'oxlint typescript/strict-void-return'],
    shows: {
      wrong: { printed: ['the bell rings'], exitCode: 1, stderr: 'Error: order 0: status 404' },
      right: { printed: ['the bell rings', 'sorry: order 0: status 404'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  scene: (version: (bell: EventEmitter) => void) => {
    openRestaurant();
    const bell = new EventEmitter();
    version(bell);
    bell.emit('ring', 0); // there is no order 0
  },
});
