// The article's third pitfall at its worst, in JavaScript: the thread of the event loop waits for what only this loop can
// do. Nothing would ever change any more. So another thread looks whether the first one stands, and wakes it in the end.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answer, receiveSettings } from '../answering.ts';
import type { DeadlockAnswer, PitfallSettings } from './settings.ts';

const { isWrong, origin } = await receiveSettings<PitfallSettings>();

/** What both threads see: whether there is an answer. */
const answered = new Int32Array(new SharedArrayBuffer(4));

async function fetchOrder(id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

/** For callers that cannot await. It works for whatever answers in another thread. Whether it had to be woken without an answer. */
function waitSynchronously(promise: Promise<unknown>): boolean {
  void promise.then(() => {
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
  Atomics.wait(answered, 0, 0);
  return Atomics.load(answered, 0) === 0;
}

/** Believes in a deadlock only if nothing has changed in so many looks. */
const watcher = `
  const { workerData: answered } = require('node:worker_threads');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let look = 0; look < 25; look++) Atomics.wait(pause, 0, 0, 20);
  while (Atomics.load(answered, 0) === 0 && Atomics.notify(answered, 0) === 0) Atomics.wait(pause, 0, 0, 20);
`;

if (isWrong) {
  await once(new Worker(watcher, { eval: true, workerData: answered }), 'online');
  const stands = waitSynchronously(fetchOrder(1));
  answer({
    answers: stands ? 0 : 1,
    stands: stands ? 'in Atomics.wait' : 'nowhere',
  } satisfies DeadlockAnswer);
} else {
  await fetchOrder(1);
  answer({ answers: 1, stands: 'nowhere' } satisfies DeadlockAnswer);
}
