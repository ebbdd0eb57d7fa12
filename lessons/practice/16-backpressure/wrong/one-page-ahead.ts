// Seen: It fetched 2 pages before the consumer had taken the first order.
import type { Source } from '../solution.ts';

export async function* orders(source: Source): AsyncGenerator<number> {
  try {
    let coming = source.nextPage();
    for (;;) {
      const page = await coming;
      if (page === undefined) return;
      coming = source.nextPage();
      yield* page;
    }
  } finally {
    await source.close();
  }
}
