// A waiter brings an order to its table. The guest should get the dish, but gets something else.
//
// What is wanted: `bring` asks the kitchen for order `id`, puts the dish on the table, and is done only then.
// If the dish burns, whoever called `bring` hears of it.
import type { Cook } from '../frame/kitchen.ts';

export async function bring(id: number, cook: Cook, table: string[]): Promise<void> {
  const dish = cook(id);
  table.push(`${dish}`);
}
