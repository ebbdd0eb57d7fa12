// Seen: It had read 5 orders before order 1 was ready.
import type { Readable } from 'node:stream';
import type { Cook } from '../../frame/kitchen.ts';

export async function serveStream(stream: Readable, cook: Cook, table: string[]): Promise<void> {
  const ids = (await stream.toArray()) as number[];
  for (const id of ids) table.push(await cook(id));
}
