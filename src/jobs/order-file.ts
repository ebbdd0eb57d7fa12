// An order as a file: its name, and whether what is there is that order, whole. An answer that is not the order that was
// asked for must never get that name, since it would be taken for the order from then on.
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parsedJson } from '../files/json.ts';

/** A file larger than this, in bytes, is no order of ours, and is not read. */
const LARGEST_ORDER = 2 ** 20;

/** An order of any API, as far as we need to know it: it must say which one it is. */
const orderWith = (id: number) => v.object({ id: v.literal(id) });

export const orderFile = (id: number): string => `order-${id}.json`;

/**
 * @throws {SyntaxError} the parser's own, for a body that is no JSON at all
 * @throws {Error} for another answer than the order
 */
export function expectOrder(id: number, bytes: Uint8Array): void {
  const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!v.is(orderWith(id), found)) throw new Error('the answer is not the order that was asked for');
}

/** When the order was saved to `folder`; undefined if what is there is not that order, whole. */
export async function whenSaved(id: number, folder: string): Promise<Date | undefined> {
  try {
    await using file = await openFile(join(folder, orderFile(id)));
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_ORDER) return undefined;
    return isOrder(id, await file.readFile()) ? found.mtime : undefined;
  } catch {
    // It is not there, or cannot be read. Fetching it tells what is wrong, if anything is.
    return undefined;
  }
}

/** Whether `bytes` are JSON of order `id`. */
function isOrder(id: number, bytes: Uint8Array): boolean {
  try {
    return v.is(orderWith(id), parsedJson(bytes));
  } catch {
    return false;
  }
}
