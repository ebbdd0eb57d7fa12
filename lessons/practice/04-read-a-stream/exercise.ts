// The orders come as a stream that may never end. A listener of its `data` event is called for every item,
// whether the one before is ready or not: the stream does not look at the promise that an async listener
// returns.
//
// What is wanted: `serveStream` takes the next order from the stream only when the dish before it is on the
// table. It fulfils when the stream has ended and the final dish is on the table. If a dish burns, the caller
// hears of it, and the stream is closed.
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Cook } from '../frame/kitchen.ts';

export async function serveStream(stream: Readable, cook: Cook, table: string[]): Promise<void> {
  stream.on('data', async (id: number) => {
    table.push(await cook(id));
  });
  await once(stream, 'end');
}
