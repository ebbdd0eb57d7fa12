// The worst case of the article's third pitfall, in JavaScript. The thread of the event loop waits for work that only this
// loop can do: a deadlock. So a second thread looks whether the first one stands still, and wakes it in the end.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answerSettings } from '../runtimes/answer.ts';
import type { DeadlockAnswer, PitfallSettings } from './settings.ts';

/** Two flags that both threads see: 0 is no, 1 is yes. */
const cells = new Int32Array(new SharedArrayBuffer(8));
const ANSWERED = 0;
const WAITING = 1;

async function fetchOrder(origin: string, id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

/** Waits for a promise without await. This works only if another thread settles the promise. */
function waitSynchronously(promise: Promise<unknown>): void {
  void promise.then(() => {
    Atomics.store(cells, ANSWERED, 1);
    Atomics.notify(cells, ANSWERED);
  });
  Atomics.store(cells, WAITING, 1);
  Atomics.wait(cells, ANSWERED, 0);
}

/** Looks until the thread has waited through 25 looks, and wakes it. */
const watcher = `
  const { workerData: cells } = require('node:worker_threads');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let looks = 0;
  while (looks < 25) {
    Atomics.wait(pause, 0, 0, 20);
    if (Atomics.load(cells, ${WAITING}) === 1) looks += 1;
  }
  Atomics.notify(cells, ${ANSWERED});
`;

answerSettings(async (settings): Promise<DeadlockAnswer> => {
  const { isWrong, origin } = settings as PitfallSettings;
  if (!isWrong) {
    await fetchOrder(origin, 1);
    return { answers: 1, stands: 'nowhere' };
  }
  await once(new Worker(watcher, { eval: true, workerData: cells }), 'online');
  waitSynchronously(fetchOrder(origin, 1));
  // Without an answer only the watcher can have woken this thread. It would have waited for ever.
  const stood = Atomics.load(cells, ANSWERED) === 0;
  return stood ? { answers: 0, stands: 'in Atomics.wait' } : { answers: 1, stands: 'nowhere' };
});
