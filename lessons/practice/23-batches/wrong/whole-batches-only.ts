// Seen: It sent 2 messages.
import type { Thread } from '../solution.ts';

export async function priceAll(ids: readonly number[], thread: Thread): Promise<number[]> {
  const { batchSize } = thread;
  const messages: Array<Promise<number[]>> = [];
  for (let batch = 0; batch < Math.floor(ids.length / batchSize); batch++) {
    messages.push(thread.send(ids.slice(batch * batchSize, (batch + 1) * batchSize)));
  }
  return (await Promise.all(messages)).flat();
}
