// Seen: It fulfilled with undefined.
import type { Cook } from '../../frame/kitchen.ts';

export async function bring(id: number, cook: Cook, table: string[]): Promise<void> {
  try {
    table.push(await cook(id));
  } catch (error) {
    console.error(error);
  }
}
