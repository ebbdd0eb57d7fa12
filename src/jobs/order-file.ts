// An order as a file: its name, and a check whether a file holds that order completely. Only the order that was asked for may
// get this name: from then on the file counts as the order.
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parsedJson } from '../files/json.ts';

/** A file larger than this, in bytes, is no order of ours, and is not read. */
const LARGEST_ORDER = 2 ** 20;

/** An order of any API. Only its id is checked. */
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

/** When the order was saved to `folder`. Undefined if its file is missing or does not hold the complete order. */
export async function whenSaved(id: number, folder: string): Promise<Date | undefined> {
  try {
    await using file = await openFile(join(folder, orderFile(id)));
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_ORDER) return undefined;
    return isOrder(id, await file.readFile()) ? found.mtime : undefined;
  } catch {
    // It is missing, or cannot be read. If something is wrong with it, writing the order will fail and say so.
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
