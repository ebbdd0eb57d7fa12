// Fetch one order and save it to a file of its own: the article's fetch_and_save. The file is whole or absent.
import { Session } from '../api/session.ts';
import { writeWhole } from '../whole-file.ts';
import type { JobSettings, OpenJob } from './job.ts';

/** What the article's fetch_and_save returns. */
export interface Saved {
  readonly url: string;
  /** When the file was complete, ISO 8601. */
  readonly timestamp: string;
  readonly status: number;
}

export function open(settings: JobSettings): OpenJob<Saved> {
  const session = new Session(settings);
  return {
    async task(id, signal) {
      const { url, status, body } = await session.getJson(`/orders/${id}`, signal);
      await writeWhole(settings.folder, `order-${id}.json`, JSON.stringify(body));
      return { url, timestamp: new Date().toISOString(), status };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
