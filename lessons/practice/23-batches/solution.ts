// `slice` may end beyond the list: the last batch is then what is left.
export interface Thread {
  /** How many ids a message should carry. */
  readonly batchSize: number;
  /** Sends one message. The answer has the price of each id in it. */
  send(batch: number[]): Promise<number[]>;
}

export async function priceAll(ids: readonly number[], thread: Thread): Promise<number[]> {
  const { batchSize } = thread;
  const messages: Array<Promise<number[]>> = [];
  for (let first = 0; first < ids.length; first += batchSize) {
    messages.push(thread.send(ids.slice(first, first + batchSize)));
  }
  const prices = await Promise.all(messages);
  return prices.flat();
}
