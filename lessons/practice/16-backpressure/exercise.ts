// The orders come in pages from a database. This generator fetches every page before it hands out the first
// order, so that all of them are in memory, also for a consumer who needs three. To let the consumer decide
// how fast the source works is called backpressure.
//
// What is wanted: `orders` hands out one order after the other, and fetches a page only when the consumer
// asks for an order of that page. `undefined` says that there are no more pages. The source is closed once,
// when the orders have ended, when a page cannot be fetched, and when the consumer leaves early. The consumer
// waits until it is closed.
export interface Source {
  nextPage(): Promise<number[] | undefined>;
  close(): Promise<void>;
}

export async function* orders(source: Source): AsyncGenerator<number> {
  const all: number[] = [];
  for (let page = await source.nextPage(); page !== undefined; page = await source.nextPage()) {
    all.push(...page);
  }
  await source.close();
  yield* all;
}
