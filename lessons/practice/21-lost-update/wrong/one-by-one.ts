// Seen: Asked for at once: 1.
export async function bill(
  ids: readonly number[],
  priceOf: (id: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (const id of ids) total += await priceOf(id);
  return total;
}
