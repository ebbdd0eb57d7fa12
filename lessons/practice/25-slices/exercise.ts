// A thousand bills are priced, one after the other, in a server that has other guests. While a function
// computes, the event loop does not turn: no timer fires, no answer is read, and nobody can call the work off.
// This version has heard that await lets others in. But it awaits something that is ready.
//
// What is wanted: `priceAll` fulfils with the prices in the order of `bills`. It gives the event loop a turn at
// least after every hundred bills, but not after each bill, since a turn costs more than a bill. When the signal
// aborts, it prices no more than a hundred further bills, and rejects with the signal's reason. If the signal
// has aborted before, it prices nothing. If `price` throws, it rejects with that.
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
    await Promise.resolve();
    signal.throwIfAborted();
  }
  return prices;
}
