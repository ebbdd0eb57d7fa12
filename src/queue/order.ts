// The content of a job in the queue. It is plain JSON with all that a worker on any machine needs: the version of this format,
// the work with its settings, and the order. A worker checks all of it, because another program may have written it.
import * as v from 'valibot';
import { GiveBack } from '../approaches/job-queue.ts';
import { checked, text, wholeFrom, type Schema } from '../files/schema.ts';

/** The version of the format. It changes if an older worker could misunderstand a new job. */
export const FORMAT = 1;

/** What is done to an order. `origin` must mean the same API wherever a worker runs. */
export type QueuedWork =
  | {
      readonly job: 'fetch-order';
      readonly origin: string;
      readonly timeoutMs: number;
      /** Whether the output is the text of the answer, and not the order in it. */
      readonly asText: boolean;
    }
  | {
      readonly job: 'save-order';
      readonly origin: string;
      readonly timeoutMs: number;
      /** An absolute path, on the machine of the worker. */
      readonly folder: string;
    }
  | { readonly job: 'price-order'; readonly rounds: number };

export interface QueuedOrder {
  readonly format: typeof FORMAT;
  readonly work: QueuedWork;
  readonly id: number;
}

export const queuedOrder = (work: QueuedWork, id: number): QueuedOrder => ({ format: FORMAT, work, id });

/** A worker asks only the mocked API, whatever a job in the queue says. */
const ORIGIN = v.pipe(
  v.string('a text'),
  v.regex(/^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}$/, 'http://127.0.0.1:PORT'),
);

const api = { origin: ORIGIN, timeoutMs: wholeFrom(1) };

const WORK = v.variant(
  'job',
  [
    v.object({ job: v.literal('fetch-order'), ...api, asText: v.boolean('true or false') }),
    v.object({ job: v.literal('save-order'), ...api, folder: text }),
    v.object({ job: v.literal('price-order'), rounds: wholeFrom(1) }),
  ],
  'work that this program knows',
);

const ORDER: Schema<QueuedOrder> = v.object(
  { format: v.literal(FORMAT), work: WORK, id: wholeFrom(1) },
  'an order',
);

/** How long a job of another version rests after a worker has given it back, in milliseconds. */
const ANOTHER_VERSION_WAITS_MS = 10_000;

/**
 * Reads the content of a job.
 * @throws {GiveBack} for a job of another version: another worker may know it
 * @throws {DocumentError} that names what is wrong
 */
export function readOrder(found: unknown): QueuedOrder {
  const format = (found as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== FORMAT) {
    throw new GiveBack(
      `a job of format ${format} is left to workers of that version; this worker knows format ${FORMAT}`,
      ANOTHER_VERSION_WAITS_MS,
    );
  }
  return checked(ORDER, found, 'job');
}
