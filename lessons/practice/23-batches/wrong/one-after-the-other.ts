// Seen: It sent 1 message.
import type { Thread } from '../solution.ts';

export async function priceAll(ids: readonly number[], thread: Thread): Promise<number[]> {
  const { batchSize } = thread;
  const prices: number[] = [];
  for (let first = 0; first < ids.length; first += batchSize) {
    prices.push(...(await thread.send(ids.slice(first, first + batchSize))));
  }
  return prices;
}
