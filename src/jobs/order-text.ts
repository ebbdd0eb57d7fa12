// Fetch one order for somebody else to save: the task returns the answer's text as it came. JSON.parse would round a
// number that has more digits than JavaScript can hold.
import { Session } from '../api/session.ts';
import type { FetchOrderSettings, OpenJob } from './job.ts';
import { expectOrder } from './order-file.ts';

/** Fails for bytes that are no text, and keeps a byte order mark: written again, the text has the same bytes. */
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
