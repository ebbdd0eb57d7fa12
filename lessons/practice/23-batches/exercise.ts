// Pricing one bean takes a microsecond, but a message to a worker thread and back takes tens of microseconds
// (lesson 13 measures it). One message for each bean makes a thread slower than no thread.
//
// What is wanted: `priceAll` sends the ids in batches: each message has `batchSize` of them, only the last
// may have fewer. All messages are sent at once, since several threads are waiting. It fulfils with the
// prices in the order of `ids`.
export interface Thread {
  /** How many ids a message should carry. */
  readonly batchSize: number;
  /** Sends one message. The answer has the price of each id in it. */
  send(batch: number[]): Promise<number[]>;
}

export async function priceAll(ids: readonly number[], thread: Thread): Promise<number[]> {
  const prices = await Promise.all(ids.map((id) => thread.send([id])));
  return prices.flat();
}
