// The first failure aborts the signal that all courses share. allSettled then waits for those that have to
// clean up. The reason of the signal is that first failure.
import type { Cook } from '../frame/kitchen.ts';

export async function serveMenu(ids: readonly number[], cook: Cook): Promise<string[]> {
  const stop = new AbortController();
  const courses = ids.map(async (id) => {
    try {
      return await cook(id, stop.signal);
    } catch (error) {
      stop.abort(error);
      // equal without it: the reason of the signal is thrown below, whatever a course returns
      throw error;
    }
  });
  await Promise.allSettled(courses);
  stop.signal.throwIfAborted();
  return Promise.all(courses);
}
