// Seen: It priced 700 bills after it was called off.
import { scheduler } from 'node:timers/promises';

export async function priceAll(
  bills: readonly number[],
  price: (bill: number) => number,
  signal: AbortSignal,
): Promise<number[]> {
  signal.throwIfAborted();
  const prices: number[] = [];
  for (const bill of bills) {
    prices.push(price(bill));
    if (prices.length % 50 === 0) await scheduler.yield();
  }
  signal.throwIfAborted();
  return prices;
}
