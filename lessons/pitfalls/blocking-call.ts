// A blocking call in async code: while it runs, this thread runs nothing else, and there is only this thread. Python's
// time.sleep() is Atomics.wait() here; every function whose name ends in Sync does the same.
//
// Guests wait while the waiter takes a break and while he reads the menu at each of a hundred tables. The guests are
// timers that are due before the break is over, so that a free loop serves them first, however busy the machine is.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';

const BREAK_MS = 20;
const MENUS = Array.from({ length: 100 }, () => new URL('../../package.json', import.meta.url));

export const about: About<Seen> = {
  title: 'Block the thread inside async code',
  symptom:
    'While the call runs, no timer fires and no other request is served: the whole program stands still.',
  remedy: 'Await the asynchronous twin of the call; move computation that has none to a worker thread.',
  foundBy: ['oxlint node/no-sync'],
  missedWhen:
    'the name does not end in Sync: `Atomics.wait`, `JSON.parse` of megabytes, a loop that computes',
  article: 'Pitfalls 1, "Using synchronous blocking operations"',
  shows: {
    wrong: { duringTheBreak: 'nobody is served', duringTheReading: 'nobody is served' },
    right: { duringTheBreak: 'others are served', duringTheReading: 'others are served' },
  },
};

type Meanwhile = 'nobody is served' | 'others are served';
type Seen = { duringTheBreak: Meanwhile; duringTheReading: Meanwhile };

// It looks right because it is: in a script that has one thing to do. In a server every other guest pays.
export async function wrong(): Promise<Seen> {
  const duringTheBreak = await meanwhile(async () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BREAK_MS);
  });
  const duringTheReading = await meanwhile(async () => {
    for (const menu of MENUS) readFileSync(menu);
  });
  return { duringTheBreak, duringTheReading };
}

export async function right(): Promise<Seen> {
  const duringTheBreak = await meanwhile(async () => {
    await sleep(BREAK_MS);
  });
  const duringTheReading = await meanwhile(async () => {
    for (const menu of MENUS) await readFile(menu);
  });
  return { duringTheBreak, duringTheReading };
}

/** Whether the event loop got round to anything else before `work` was done. */
async function meanwhile(work: () => Promise<void>): Promise<Meanwhile> {
  let served = 0;
  const guests = [setTimeout(() => served++, 1), setTimeout(() => served++, 2)];
  const hungry = setImmediate(() => served++);
  await work();
  guests.forEach(clearTimeout);
  clearImmediate(hungry);
  return served === 0 ? 'nobody is served' : 'others are served';
}
