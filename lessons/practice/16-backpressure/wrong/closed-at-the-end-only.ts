// Seen: It was closed 0 times.
import type { Source } from '../solution.ts';

export async function* orders(source: Source): AsyncGenerator<number> {
  for (let page = await source.nextPage(); page !== undefined; page = await source.nextPage()) yield* page;
  await source.close();
}
