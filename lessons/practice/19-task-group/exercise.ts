// A menu is served as a whole or not at all. When one course burns, the others are of no use to anybody, but
// Promise.all lets them go on. Structured concurrency is the rule that nothing outlives the block that
// started it: when one task fails, its siblings are told to stop, and the block ends when all of them have
// ended.
//
// What is wanted: `serveMenu` cooks all courses at once and fulfils with the dishes in the order of `ids`.
// When one burns, the signal of the others is aborted, and `serveMenu` rejects with that first failure, when
// the last of them has ended.
import type { Cook } from '../frame/kitchen.ts';

export async function serveMenu(ids: readonly number[], cook: Cook): Promise<string[]> {
  return Promise.all(ids.map((id) => cook(id)));
}
