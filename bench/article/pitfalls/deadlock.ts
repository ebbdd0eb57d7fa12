// The worst case of the article's third pitfall, in JavaScript. The thread of the event loop waits for work that only this
// loop can do: a deadlock. So a second thread gets some orders meanwhile, and wakes the first one in the end.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answerSettings } from '../runtimes/answer.ts';
import type { Meanwhile, MeanwhileSettings } from './second-thread.ts';
import type { DeadlockAnswer, PitfallSettings } from './settings.ts';

async function fetchOrder(origin: string, id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

/** Waits for a promise without await. This works only if another thread settles the promise. 1 in `flag` ends the wait. */
function waitSynchronously(promise: Promise<unknown>, flag: Int32Array): void {
  void promise.then(() => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
  Atomics.wait(flag, 0, 0);
}

answerSettings(async (settings): Promise<DeadlockAnswer> => {
  const { isWrong, origin, ordersMeanwhile } = settings as PitfallSettings;
  if (!isWrong) {
    await fetchOrder(origin, 1);
    return { answers: 1, stands: 'nowhere' };
  }
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const workerData: MeanwhileSettings = { flag, origin, orders: ordersMeanwhile };
  const second = new Worker(new URL('./second-thread.ts', import.meta.url), { workerData });
  await once(second, 'message');
  const found = once(second, 'message') as Promise<[Meanwhile]>;
  second.postMessage('I am about to stand', []);
  waitSynchronously(fetchOrder(origin, 1), flag);
  const [{ woken }] = await found;
  return woken === 0 ? { answers: 1, stands: 'nowhere' } : { answers: 0, stands: 'in Atomics.wait' };
});
