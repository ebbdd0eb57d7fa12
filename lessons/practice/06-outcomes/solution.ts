// Promise.allSettled waits for all promises, and its result says of each what became of it.
import type { Cook } from '../frame/kitchen.ts';

export interface Report {
  readonly served: number[];
  readonly burnt: number[];
}

export async function inspect(ids: readonly number[], cook: Cook): Promise<Report> {
  const outcomes = await Promise.allSettled(ids.map((id) => cook(id)));
  return {
    served: ids.filter((_, index) => outcomes[index]?.status === 'fulfilled'),
    burnt: ids.filter((_, index) => outcomes[index]?.status === 'rejected'),
  };
}
