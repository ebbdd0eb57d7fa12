// AsyncLocalStorage follows promises and callbacks of Node, from where they were made. A queue of one's own calls its
// callbacks from somewhere else, so they run in the context of whoever empties the queue, or in none.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';

type Seen = { whoOrdered: readonly string[] };

export const about: About<Seen> = {
  title: 'Lose the async context in a queue',
  symptom: 'The callback that a queue calls later no longer knows which table it works for.',
  remedy: 'AsyncLocalStorage.bind(callback) when it is put into the queue.',
  foundBy: [],
  shows: {
    wrong: { whoOrdered: ['nobody', 'nobody'] },
    right: { whoOrdered: ['table 3', 'table 7'] },
  },
};

const table = new AsyncLocalStorage<number>();

// Inside table.run all else knows its table, after awaits too.
export async function wrong(): Promise<Seen> {
  return evening((queue, callback) => {
    queue.push(callback);
  });
}

export async function right(): Promise<Seen> {
  return evening((queue, callback) => {
    queue.push(AsyncLocalStorage.bind(callback));
  });
}

/** Two tables order; the cook, who sits at no table, works through the queue one turn later. */
async function evening(order: (queue: Array<() => void>, callback: () => void) => void): Promise<Seen> {
  const queue: Array<() => void> = [];
  const whoOrdered: string[] = [];
  for (const number of [3, 7]) {
    table.run(number, () => {
      order(queue, () => {
        const ordered = table.getStore();
        whoOrdered.push(ordered === undefined ? 'nobody' : `table ${ordered}`);
      });
    });
  }
  await turn();
  for (const callback of queue) callback();
  return { whoOrdered };
}
