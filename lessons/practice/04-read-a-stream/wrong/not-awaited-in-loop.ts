// Seen: It took order 2 before order 1 was ready.
import type { Readable } from 'node:stream';
import type { Cook } from '../../frame/kitchen.ts';

export async function serveStream(stream: Readable, cook: Cook, table: string[]): Promise<void> {
  const dishes: Array<Promise<number>> = [];
  for await (const id of stream) dishes.push(cook(id as number).then((dish) => table.push(dish)));
  await Promise.all(dishes);
}
