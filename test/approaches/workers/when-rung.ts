// Answers once the shared bell has been rung.
import { workerData } from 'node:worker_threads';

export default async function whenRung(input: string): Promise<string> {
  Atomics.wait(workerData as Int32Array<SharedArrayBuffer>, 0, 0);
  return `echo of ${input}`;
}
