// Seen: The stream was still open after the failure.
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Cook } from '../../frame/kitchen.ts';

export async function serveStream(stream: Readable, cook: Cook, table: string[]): Promise<void> {
  for (;;) {
    const id = stream.read() as number | null;
    if (id !== null) {
      table.push(await cook(id));
      continue;
    }
    if (stream.readableEnded) return;
    await Promise.race([once(stream, 'readable'), once(stream, 'end')]);
  }
}
