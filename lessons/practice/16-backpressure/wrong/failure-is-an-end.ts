// Seen: It fulfilled with {"done":true}.
import type { Source } from '../solution.ts';

export async function* orders(source: Source): AsyncGenerator<number> {
  try {
    for (;;) {
      const page = await source.nextPage().catch(() => undefined);
      if (page === undefined) return;
      yield* page;
    }
  } finally {
    await source.close();
  }
}
