// Computes prices by three of our approaches. One of them uses Workers. Runs on Node, Deno and Bun.
import { promiseAll } from '../../../src/approaches/promise-all.ts';
import { sequential } from '../../../src/approaches/sequential.ts';
import { workerThreads } from '../../../src/approaches/worker-threads.ts';
import { priceOf, settle, type Price } from '../../../src/jobs/price-order.ts';
import type { ComputeAnswer, ComputeSettings } from '../foreign-ways.ts';
import { answerSettings, costOf } from './answer.ts';
import { Threads } from './threads.ts';
import type { PriceTask } from './price-worker.ts';

export interface PriceMore {
  readonly approach: 'sequential' | 'promise-all' | 'worker-threads';
}

answerSettings(async (given): Promise<ComputeAnswer> => {
  const { approach, tasks, rounds, workers } = given as ComputeSettings & PriceMore;
  const inputs = Array.from({ length: tasks }, (_, index): PriceTask => ({ id: index + 1, rounds }));
  const compute = openApproach(approach, workers);
  // Without this, V8 ran half-optimized code in a third of all Node processes, and they took a fifth more time. A run of long
  // tasks does not help, because it calls the function too seldom. Deno and Bun get the same calls.
  settle();
  // A first run starts all Workers.
  await compute(inputs);
  let prices: Price[] = [];
  const cost = await costOf(async () => {
    prices = await compute(inputs);
  });
  return { ...cost, checksums: prices.map(({ checksum }) => checksum) };
});

function openApproach(
  approach: PriceMore['approach'],
  threads: number,
): (inputs: readonly PriceTask[]) => Promise<Price[]> {
  const task = ({ id, rounds }: PriceTask) => priceOf(id, rounds);
  if (approach === 'sequential') return (inputs) => sequential(inputs, task);
  if (approach === 'promise-all') return (inputs) => promiseAll(inputs, task);
  const pool = new Threads<PriceTask, Price>(new URL('./price-worker.ts', import.meta.url), threads);
  return (inputs) => workerThreads(inputs, pool);
}
