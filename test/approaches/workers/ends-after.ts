// Answers, and then ends its thread. The first cell of its data is rung once nothing of it runs any more.
import { workerData } from 'node:worker_threads';

process.on('exit', () => Atomics.add(workerData as Int32Array<SharedArrayBuffer>, 0, 1));

export default async function echo(input: string): Promise<string> {
  setImmediate(() => process.exit());
  return `echo of ${input}`;
}
