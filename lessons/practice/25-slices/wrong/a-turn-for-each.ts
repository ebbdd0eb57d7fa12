// Seen: It took 1000 turns for 1000 bills.
import { setImmediate as turn } from 'node:timers/promises';

export async function priceAll(
  bills: readonly number[],
  price: (bill: number) => number,
  signal: AbortSignal,
): Promise<number[]> {
  const prices: number[] = [];
  for (const bill of bills) {
    signal.throwIfAborted();
    prices.push(price(bill));
    await turn();
  }
  return prices;
}
