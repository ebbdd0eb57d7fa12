// An async function as an event listener. An emitter calls its listeners and looks at nothing that they return, so an
// error in one becomes an unhandled rejection, and the 'error' listener right beside it hears nothing.
import { EventEmitter } from 'node:events';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

export const about: About<Ended> = {
  title: 'Listen to events with an async function',
  symptom: 'An error in the listener ends the process, although an error listener stands right beside it.',
  remedy:
    'Catch inside the listener and emit the error; or captureRejections: true, which a linter cannot see.',
  foundBy: ['oxlint typescript/no-misused-promises', 'oxlint typescript/strict-void-return'],
  shows: {
    wrong: { printed: ['the bell rings'], exitCode: 1, complaint: 'Error: order 0: status 404' },
    right: { printed: ['the bell rings', 'sorry: order 0: status 404'], exitCode: 0, complaint: '' },
  },
};

// The listener needs an await, and an error listener is there.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, () => {
    openRestaurant();
    const bell = new EventEmitter();
    bell.on('error', (error: Error) => console.log(`sorry: ${error.message}`));
    bell.on('ring', async (id: number) => {
      console.log('the bell rings');
      await fetchOrder(id);
    });
    bell.emit('ring', 0);
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, () => {
    openRestaurant();
    const bell = new EventEmitter();
    bell.on('error', (error: Error) => console.log(`sorry: ${error.message}`));
    bell.on('ring', (id: number) => {
      console.log('the bell rings');
      fetchOrder(id).catch((error: unknown) => bell.emit('error', error));
    });
    bell.emit('ring', 0);
  });
}
