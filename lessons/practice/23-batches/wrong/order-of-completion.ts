// Seen: It fulfilled with [700,400,500,600,100,200,300].
import type { Thread } from '../solution.ts';

export async function priceAll(ids: readonly number[], thread: Thread): Promise<number[]> {
  const { batchSize } = thread;
  const prices: number[] = [];
  const messages: Array<Promise<void>> = [];
  for (let first = 0; first < ids.length; first += batchSize) {
    messages.push(
      thread.send(ids.slice(first, first + batchSize)).then((answer) => void prices.push(...answer)),
    );
  }
  await Promise.all(messages);
  return prices;
}
