// Fetch one order and save it to a file of its own: the article's fetch_and_save. The file is whole or absent, so
// a file that is there need not be fetched again.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Session } from '../api/session.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { OpenJob, SaveOrderSettings } from './job.ts';

/** What the article's fetch_and_save returns. */
export interface Saved {
  readonly url: string;
  /** When the file was complete, ISO 8601. */
  readonly timestamp: string;
  /** Of the answer; `kept` for a file of an earlier run. */
  readonly status: number | 'kept';
}

export function open(settings: SaveOrderSettings): OpenJob<Saved> {
  const { folder, resume = false, origin } = settings;
  const session = new Session(settings);
  return {
    async task(id, signal) {
      const [name, path] = [`order-${id}.json`, `/orders/${id}`];
      const earlier = resume ? await stat(join(folder, name)).catch(() => undefined) : undefined;
      if (earlier?.isFile()) {
        return { url: origin + path, timestamp: earlier.mtime.toISOString(), status: 'kept' };
      }
      const { url, status, body } = await session.getJson(path, signal);
      await writeWhole(folder, name, JSON.stringify(body));
      return { url, timestamp: new Date().toISOString(), status };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
