// The article's third pitfall at its worst, in JavaScript: the thread of the event loop waits for what only this loop can
// do. Nothing would ever change any more. So another thread looks whether the first one stands, and wakes it in the end.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answerSettings } from '../runtimes/answer.ts';
import type { DeadlockAnswer, PitfallSettings } from './settings.ts';

/** What both threads see. Each is 0 until it is true. */
const cells = new Int32Array(new SharedArrayBuffer(8));
const ANSWERED = 0;
const WAITING = 1;

async function fetchOrder(origin: string, id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

/** For callers that cannot await. It works for whatever is answered in another thread. */
function waitSynchronously(promise: Promise<unknown>): void {
  void promise.then(() => {
    Atomics.store(cells, ANSWERED, 1);
    Atomics.notify(cells, ANSWERED);
  });
  Atomics.store(cells, WAITING, 1);
  Atomics.wait(cells, ANSWERED, 0);
}

/** Wakes the thread that waits, if nothing has changed in so many looks. */
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
  // Whoever was woken without an answer would have stood there for ever.
  const stood = Atomics.load(cells, ANSWERED) === 0;
  return stood ? { answers: 0, stands: 'in Atomics.wait' } : { answers: 1, stands: 'nowhere' };
});
