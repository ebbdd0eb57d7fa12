// Seen: It priced 1000 bills without a turn of the event loop.
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
    await new Promise<void>((resolve) => process.nextTick(resolve));
    signal.throwIfAborted();
  }
  return prices;
}
