// A worker whose inputs say how it ends; every other input is answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';

interface Fate {
  /** How many threads have been started so far, for a test that waits for a dead one to be replaced. */
  readonly started?: Int32Array<SharedArrayBuffer>;
  readonly mayDie?: Int32Array<SharedArrayBuffer>;
  /** How many threads have begun to load, and how many have ended. All but the first take their time. */
  readonly loaded?: Int32Array<SharedArrayBuffer>;
  /** Once it is not 0, no thread can be loaded any more. */
  readonly cold?: Int32Array<SharedArrayBuffer>;
}
const { started, mayDie, loaded, cold } = workerData as Fate;
if (started) Atomics.add(started, 0, 1);
if (cold && Atomics.load(cold, 0) !== 0) throw new Error('the stove went cold');
if (loaded) {
  if (Atomics.add(loaded, 0, 1) > 0) await sleep(50);
  Atomics.add(loaded, 1, 1);
}

const ENDS: Readonly<Record<number, () => unknown>> = {
  2: () => {
    throw new Error('dropped the tray');
  },
  3: () => process.exit(3),
  4: () => {
    const list = Array.from({ length: 100_000 }, () => 0.5);
    const hoard: unknown[] = [];
    // Long lists of numbers: memory is full before a collector has much to look at.
    for (;;) hoard.push([...list]);
  },
  // Hangs for ever, but asleep: an endless loop would take a core from the tests beside it.
  5: () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  // Lives on until the test has its answer and tells it to die.
  7: () => {
    const timer = setInterval(() => {
      if (mayDie && Atomics.load(mayDie, 0) === 0) return;
      clearInterval(timer);
      throw new Error('died when nobody was waiting for it');
    }, 1);
  },
  // The last thread that was ever loaded.
  8: () => {
    if (cold) Atomics.store(cold, 0, 1);
    process.exit(8);
  },
};

export default async function runBatch(inputs: readonly number[]): Promise<string[]> {
  return inputs.map((input) => {
    ENDS[input]?.();
    return `served ${input}`;
  });
}
