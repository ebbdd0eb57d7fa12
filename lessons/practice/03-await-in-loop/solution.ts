// `map` starts every order. Promise.all waits for all of them, keeps the order of its input, and rejects at
// the first failure.
import type { Cook } from '../frame/kitchen.ts';

export async function dinner(ids: readonly number[], cook: Cook): Promise<string[]> {
  return Promise.all(ids.map((id) => cook(id)));
}
