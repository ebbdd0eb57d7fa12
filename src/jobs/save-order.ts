// Fetch one order and save it to a file of its own: the article's fetch_and_save. The file is whole or absent, and what is
// in it is checked, so an order that is there need not be fetched again.
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Session } from '../api/session.ts';
import { parsedJson } from '../files/json.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { OpenJob, SaveOrderSettings } from './job.ts';

/** What the article's fetch_and_save returns. */
export interface SavedOrder {
  readonly url: string;
  /** When the file was complete, ISO 8601. */
  readonly timestamp: string;
  /** Of the answer; `kept` for a file of an earlier run. */
  readonly status: number | 'kept';
}

/** A file larger than this, in bytes, is no order of ours, and is not read. */
const LARGEST_ORDER = 2 ** 20;

/** An order of any API, as far as we need to know it: it must say which one it is. */
const orderWith = (id: number) => v.object({ id: v.literal(id) });

/** Whether `bytes` are JSON of order `id`. */
function isOrder(id: number, bytes: Uint8Array): boolean {
  try {
    return v.is(orderWith(id), parsedJson(bytes));
  } catch {
    return false;
  }
}

export function open(settings: SaveOrderSettings): OpenJob<SavedOrder> {
  const { folder, resume = false, origin } = settings;
  const session = new Session(settings);
  return {
    async task(id, signal) {
      const name = `order-${id}.json`;
      const path = `/orders/${id}`;
      const savedAt = resume ? await whenSaved(id, join(folder, name)) : undefined;
      if (savedAt) return { url: origin + path, timestamp: savedAt.toISOString(), status: 'kept' };
      const { url, status, bytes } = await session.getBytes(path, signal);
      // A body that is no JSON at all fails as such, with the parser's own error.
      const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (!v.is(orderWith(id), found)) {
        // A file of it would be taken for that order from then on.
        throw new Error('the answer is not the order that was asked for');
      }
      // The bytes as they came. JSON.parse would round a number that has more digits than JavaScript can hold.
      await writeWhole(folder, name, bytes);
      return { url, timestamp: new Date().toISOString(), status };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** When the order was saved to `path`; undefined if what is there is not that order, whole. */
async function whenSaved(id: number, path: string): Promise<Date | undefined> {
  try {
    await using file = await openFile(path);
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_ORDER) return undefined;
    return isOrder(id, await file.readFile()) ? found.mtime : undefined;
  } catch {
    // It is not there, or cannot be read. Fetching it tells what is wrong, if anything is.
    return undefined;
  }
}
