// Fetch one order and save it to a file of its own: the article's fetch_and_save. The file is whole or absent, and what is
// in it is checked, so an order that is there need not be fetched again.
import { Session } from '../api/session.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { OpenJob, SaveOrderSettings } from './job.ts';
import { expectOrder, orderFile, whenSaved } from './order-file.ts';

/** What the article's fetch_and_save returns. */
export interface SavedOrder {
  readonly url: string;
  /** When the file was complete, ISO 8601. */
  readonly timestamp: string;
  /** Of the answer; `kept` for a file of an earlier run. */
  readonly status: number | 'kept';
}

export function open(settings: SaveOrderSettings): OpenJob<SavedOrder> {
  const { folder, resume = false, origin } = settings;
  const session = new Session(settings);
  return {
    async task(id, signal) {
      const path = `/orders/${id}`;
      const savedAt = resume ? await whenSaved(id, folder) : undefined;
      if (savedAt) return { url: origin + path, timestamp: savedAt.toISOString(), status: 'kept' };
      const { url, status, bytes } = await session.getBytes(path, signal);
      expectOrder(id, bytes);
      // The bytes as they came. JSON.parse would round a number that has more digits than JavaScript can hold.
      await writeWhole(folder, orderFile(id), bytes);
      return { url, timestamp: new Date().toISOString(), status };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
