// Seen: In the kitchen: 1.
import type { Cook } from '../../frame/kitchen.ts';

export async function inspect(ids: readonly number[], cook: Cook) {
  const served: number[] = [];
  const burnt: number[] = [];
  for (const id of ids) {
    try {
      await cook(id);
      served.push(id);
    } catch {
      burnt.push(id);
    }
  }
  return { served, burnt };
}
