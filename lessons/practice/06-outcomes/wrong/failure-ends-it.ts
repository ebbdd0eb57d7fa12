// Seen: It fulfilled with {"served":[],"burnt":[1,2,3,4]}.
import type { Cook } from '../../frame/kitchen.ts';

export async function inspect(ids: readonly number[], cook: Cook) {
  try {
    await Promise.all(ids.map((id) => cook(id)));
    return { served: [...ids], burnt: [] };
  } catch {
    return { served: [], burnt: [...ids] };
  }
}
