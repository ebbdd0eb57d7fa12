// Seen: Served: [3,1].
import type { Cook } from '../../frame/kitchen.ts';

export async function inspect(ids: readonly number[], cook: Cook) {
  const served: number[] = [];
  const burnt: number[] = [];
  const note = async (id: number) => {
    await cook(id).then(
      () => served.push(id),
      () => burnt.push(id),
    );
  };
  await Promise.all(ids.map(note));
  return { served, burnt };
}
