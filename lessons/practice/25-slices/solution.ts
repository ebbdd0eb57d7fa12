// `scheduler.yield` goes on after one turn of the event loop. Whoever aborts the signal can do so only in that
// turn, so this is the place to look at it.
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
    if (prices.length % 50 > 0) continue;
    await scheduler.yield();
    signal.throwIfAborted();
  }
  return prices;
}
