// `await` waits for the kitchen and turns the promise into the dish. A rejection becomes an exception here,
// and leaves the async function as a rejection of its own promise.
import type { Cook } from '../frame/kitchen.ts';

export async function bring(id: number, cook: Cook, table: string[]): Promise<void> {
  const dish = await cook(id);
  table.push(dish);
}
