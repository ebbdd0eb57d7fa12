// Seen: It was rejected with AbortError: order 3 was stopped.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveMenu(ids: readonly number[], cook: Cook): Promise<string[]> {
  const stop = new AbortController();
  let failure: unknown;
  const courses = ids.map((id) =>
    cook(id, stop.signal).catch((error: unknown) => {
      failure = error;
      stop.abort();
      return '';
    }),
  );
  const dishes = await Promise.all(courses);
  if (failure !== undefined) throw failure;
  return dishes;
}
