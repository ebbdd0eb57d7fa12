// While the first thread stands, this one gets orders from the same API, one after the other. Then it wakes the first one.
// Only a thread that stands can be woken, so the number of those that it has woken says whether the first one stood. If the
// first one gets its own order, nobody has to be woken.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

export interface MeanwhileSettings {
  /** What the first thread waits on: 0 until it has its order, or this thread has failed. */
  readonly flag: Int32Array;
  readonly origin: string;
  readonly orders: number;
}

export interface Meanwhile {
  /** How many threads stood. */
  readonly woken: number;
}

const { flag, origin, orders } = workerData as MeanwhileSettings;
// It has loaded. If it could not, the first thread hears of it, because it does not stand yet.
parentPort!.postMessage('loaded', []);
await once(parentPort!, 'message');
let got = 0;
let woken = 0;
try {
  while (woken === 0 && Atomics.load(flag, 0) === 0) {
    const response = await fetch(`${origin}/orders/1`);
    const body = await response.text();
    if (!response.ok) throw new Error(`expected order 1, got status ${response.status}: ${body}`);
    got += 1;
    if (got >= orders) woken = Atomics.notify(flag, 0);
  }
} catch (error) {
  // Without this the first thread would stand for ever, and nobody would hear of the error.
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  throw error;
}
parentPort!.postMessage({ woken } satisfies Meanwhile, []);
