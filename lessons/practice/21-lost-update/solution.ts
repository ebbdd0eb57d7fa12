// First wait, then read and write without an `await` in between: no other task can come between the two.
export async function bill(
  ids: readonly number[],
  priceOf: (id: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  await Promise.all(
    ids.map(async (id) => {
      const price = await priceOf(id);
      total += price;
    }),
  );
  return total;
}
