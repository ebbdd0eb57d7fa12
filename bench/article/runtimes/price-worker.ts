// Computes prices in a thread. Each message holds a batch of orders.
import { priceOf, settle } from '../../../src/jobs/price-order.ts';
import { answerMessages } from './web-worker.ts';

export interface PriceTask {
  readonly id: number;
  readonly rounds: number;
}

// Each thread compiles for itself.
settle();
answerMessages((batch) => (batch as readonly PriceTask[]).map(({ id, rounds }) => priceOf(id, rounds)));
