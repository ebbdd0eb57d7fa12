// AsyncLocalStorage keeps a context, for instance whose request is being served, across awaits and the callbacks of Node.
// A queue of your own calls its callbacks later and from somewhere else. There they run in the context of whoever
// empties the queue, or in none.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { pitfallOf } from './frame/pitfall.ts';

type Callback = () => void;

// It looks right because everything else that starts inside table.run knows
// its table, even after an await.
export function wrong(queue: Callback[], callback: Callback): void {
  queue.push(callback);
}

// bind keeps the context of this moment with the callback.
export function right(queue: Callback[], callback: Callback): void {
  queue.push(AsyncLocalStorage.bind(callback));
}

const table = new AsyncLocalStorage<number>();

export const pitfall = pitfallOf({
  about: {
    title: 'Lose the async context in a queue',
    symptom: 'A callback that a queue calls later no longer knows which table it works for.',
    remedy: 'Put AsyncLocalStorage.bind(callback) into the queue instead of the callback.',
    foundBy: [],
    shows: {
      wrong: { whoOrdered: ['nobody', 'nobody'] },
      right: { whoOrdered: ['table 3', 'table 7'] },
    },
  },
  wrong,
  right,
  show: whoOrdered,
});

/** Two tables order. The cook sits at no table and works through the queue one turn of the event loop later. */
async function whoOrdered(version: (queue: Callback[], callback: Callback) => void) {
  const queue: Callback[] = [];
  const names: string[] = [];
  const noteTable = () => {
    const number = table.getStore();
    names.push(number === undefined ? 'nobody' : `table ${number}`);
  };
  for (const number of [3, 7]) table.run(number, () => version(queue, noteTable));
  await turn();
  for (const callback of queue) callback();
  return { whoOrdered: names };
}
