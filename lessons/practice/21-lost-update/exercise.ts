// JavaScript runs in one thread, and yet this bill is wrong. Several tasks read the total, wait, and write it
// back: whoever is last overwrites what the others added. This is a race condition: the result depends on who
// comes first.
//
// What is wanted: `bill` asks for all prices at once and fulfils with their sum.
export async function bill(
  ids: readonly number[],
  priceOf: (id: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  await Promise.all(
    ids.map(async (id) => {
      total += await priceOf(id);
    }),
  );
  return total;
}
