// Answers once the shared bell has been rung, and rings back.
import { workerData } from 'node:worker_threads';

const bell = workerData as Int32Array<SharedArrayBuffer>;

export default async function whenRung(input: string): Promise<string> {
  Atomics.wait(bell, 0, 0);
  Atomics.store(bell, 1, 1);
  Atomics.notify(bell, 1);
  return `echo of ${input}`;
}
