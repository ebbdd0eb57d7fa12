// Fetches one order for another process to save. The task returns the text of the answer unchanged: JSON.parse would round
// numbers with more digits than JavaScript can hold.
import { Session } from '../api/session.ts';
import type { FetchOrderSettings, OpenJob } from './job.ts';
import { expectOrder } from './order-file.ts';

/** Throws for bytes that are no text, and keeps a byte order mark. So the text has the same bytes when it is written again. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function open(settings: FetchOrderSettings): OpenJob<string> {
  const session = new Session(settings);
  return {
    async task(id, signal) {
      const { bytes } = await session.getBytes(`/orders/${id}`, signal);
      expectOrder(id, bytes);
      return decoder.decode(bytes);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
