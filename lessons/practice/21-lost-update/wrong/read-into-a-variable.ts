// Seen: It fulfilled with 30.
export async function bill(
  ids: readonly number[],
  priceOf: (id: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  await Promise.all(
    ids.map(async (id) => {
      const before = total;
      const price = await priceOf(id);
      total = before + price;
    }),
  );
  return total;
}
