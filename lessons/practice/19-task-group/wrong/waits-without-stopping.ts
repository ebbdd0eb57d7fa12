// Seen: Orders 2 and 3 were not told to stop.
import type { Cook } from '../../frame/kitchen.ts';

export async function serveMenu(ids: readonly number[], cook: Cook): Promise<string[]> {
  const outcomes = await Promise.allSettled(ids.map((id) => cook(id)));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
