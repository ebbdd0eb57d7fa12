// `for await` asks the stream for the next item when the body of the loop has ended. That is backpressure:
// the reader decides how fast the source may go. Leaving the loop by an error destroys the stream.
import type { Readable } from 'node:stream';
import type { Cook } from '../frame/kitchen.ts';

export async function serveStream(stream: Readable, cook: Cook, table: string[]): Promise<void> {
  for await (const id of stream) {
    table.push(await cook(id as number));
  }
}
