// Seen: It priced 1000 bills without a turn of the event loop.
export async function priceAll(
  bills: readonly number[],
  price: (bill: number) => number,
  signal: AbortSignal,
): Promise<number[]> {
  signal.throwIfAborted();
  const starts = Array.from({ length: Math.ceil(bills.length / 50) }, (_, index) => index * 50);
  const pieces = await Promise.all(starts.map(async (start) => bills.slice(start, start + 50).map(price)));
  return pieces.flat();
}
