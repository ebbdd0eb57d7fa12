// The task of every pool: so many rounds of work, and the thread that did them. For piscina and tinypool.
import { threadId } from 'node:worker_threads';
import { priceOf } from '../../src/jobs/price-order.ts';

export default function price(rounds: number): number {
  if (rounds > 0) priceOf(1, rounds);
  return threadId;
}
