// Computes prices by three of our approaches, one of them with Workers. Runs on Node, Deno and Bun.
import { promiseAll } from '../../../src/approaches/promise-all.ts';
import { sequential } from '../../../src/approaches/sequential.ts';
import { workerThreads } from '../../../src/approaches/worker-threads.ts';
import { expectedChecksum, priceOf, type Price } from '../../../src/jobs/price-order.ts';
import { Threads } from './threads.ts';
import { runTrial, type Program } from './trial.ts';
import type { PriceTask } from './price-worker.ts';

export interface PriceSettings {
  readonly approach: 'sequential' | 'promise-all' | 'worker-threads';
  readonly tasks: number;
  /** The work of a task: the same for every runtime. */
  readonly rounds: number;
  readonly threads: number;
}

await runTrial<PriceSettings>(async ({ approach, tasks, rounds, threads }) => {
  const inputs = Array.from({ length: tasks }, (_, index): PriceTask => ({ id: index + 1, rounds }));
  const compute = openApproach(approach, threads);
  const run = async () => {
    for (const { id, checksum } of await compute(inputs)) {
      if (checksum !== expectedChecksum(id, rounds)) throw new Error(`order ${id} has a wrong price`);
    }
  };
  // Once in full: only then has every engine compiled the loop for good.
  return { warmUp: run, run } satisfies Program;
});

function openApproach(
  approach: PriceSettings['approach'],
  threads: number,
): (inputs: readonly PriceTask[]) => Promise<Price[]> {
  const task = ({ id, rounds }: PriceTask) => priceOf(id, rounds);
  if (approach === 'sequential') return (inputs) => sequential(inputs, task);
  if (approach === 'promise-all') return (inputs) => promiseAll(inputs, async (input) => task(input));
  const pool = new Threads<PriceTask, Price>(new URL('./price-worker.ts', import.meta.url), threads);
  return (inputs) => workerThreads(inputs, pool);
}
