// Trying again, as a wrapper around a task: like settling, it goes with every approach. Four rules keep it from doing harm:
//
// 1. It repeats only what is idempotent (twice is as good as once), and only after a failure that may pass by itself.
// 2. It never asks earlier than the server's Retry-After allows.
// 3. Otherwise it waits for a random time from a range that doubles each time: exponential backoff with full jitter. Clients
//    that failed together then do not come back together.
// 4. All inputs together have one budget. When everything fails, retries are what keeps a service down.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface RetryOptions<Input> {
  /** Whether twice is as good as once: true for GET, PUT and DELETE, false for most POST. */
  readonly idempotent: boolean | ((input: Input) => boolean);
  /**
   * How many repeats all inputs together may have. Or a function: it is called before each repeat, and true allows the repeat.
   * Use a function if several wrappers share one budget.
   */
  readonly budget: number | (() => boolean);
  /** How often one input is tried, the first time included. Default: 4. */
  readonly attempts?: number;
  /**
   * The upper bound of the first random wait, in milliseconds. The bound doubles for each further wait, up to `maxMs`. A longer
   * Retry-After counts instead. Default: 200.
   */
  readonly baseMs?: number;
  /** The longest wait, in milliseconds. A Retry-After beyond it means giving up. Default: 30,000. */
  readonly maxMs?: number;
  /** Draws the waits: returns a number from 0 up to, but not including, 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The same task, but tried again after a failure that may pass: a connection that broke, a timeout, an answer such as 503.
 * What failed is read from the error's `status` (or `statusCode`), `code` and `name`; the error may also have them in its
 * `response`, or be wrapped in others (`cause`, `errors`), as global fetch does it. Retry-After is read from its `headers`.
 *
 * It rejects with what the last try threw, unchanged. An abort ends a wait, and rejects with the signal's reason; if the
 * signal has aborted before the first try, the task is not called.
 *
 * @throws {TypeError} if an option that must be a number is none, or is out of range
 */
export function retried<Input, Output>(
  task: (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>,
  options: RetryOptions<Input>,
): (input: Input, signal?: AbortSignal) => Promise<Output> {
  const { idempotent, budget, attempts = 4, baseMs = 200, maxMs = 30_000, random = Math.random } = options;
  if (typeof budget !== 'function') expectNumber('budget', budget, isCount, 'an integer from 0 up');
  expectNumber('attempts', attempts, (value) => isCount(value) && value > 0, 'a positive integer');
  expectNumber('baseMs', baseMs, (value) => value >= 0 && value < Infinity, 'a finite number from 0 up');
  expectNumber('maxMs', maxMs, (value) => value >= 0, 'a number from 0 up');
  /** How often a repeat was asked for so far, for all inputs together. */
  let spent = 0;
  const isGranted = typeof budget === 'function' ? budget : () => spent++ < budget;

  return async (input, signal) => {
    signal?.throwIfAborted();
    const mayRepeat = typeof idempotent === 'function' ? idempotent(input) : idempotent;
    /** The wait is drawn from below this. */
    let ceilingMs = Math.min(baseMs, maxMs);
    for (let attempt = 1; ; attempt++) {
      try {
        return await task(input, signal);
      } catch (error) {
        if (!mayRepeat || attempt >= attempts || !mayPass(error)) throw error;
        const drawnMs = ceilingMs * random();
        // If `random` returns NaN or a negative number, we wait as long as the bound allows. Math.max would make NaN of it, and
        // the timer would fire at once, before the time of Retry-After.
        const waitMs = Math.max(drawnMs >= 0 ? drawnMs : ceilingMs, retryAfterMs(error));
        ceilingMs = Math.min(ceilingMs * 2, maxMs);
        if (waitMs > maxMs) throw error; // asking earlier than that is not allowed
        signal?.throwIfAborted();
        if (!isGranted()) throw error;
        await wait(waitMs, signal);
      }
    }
  };
}

/** Answers that may be other ones later: Request Timeout, Too Early, Too Many Requests, errors of a server or a gateway. */
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The network, as Node and undici name its failures. ENOTFOUND and EAI_AGAIN come from the name server. */
const TRANSIENT_CODE =
  /^(ECONN(RESET|REFUSED|ABORTED)|ENET(DOWN|UNREACH|RESET)|EHOST(DOWN|UNREACH)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|UND_ERR_SOCKET|UND_ERR_\w+_TIMEOUT)$/;

/** Whether the same request may succeed later. If an error holds several, for instance one for each address, one is enough. */
function mayPass(error: unknown, seen = new Set<unknown>()): boolean {
  if (seen.has(error)) return false; // an error may be its own cause
  seen.add(error);
  const status = statusOf(error);
  if (status !== undefined) return TRANSIENT_STATUS.has(status);
  if (read(error, 'name') === 'TimeoutError') return true;
  const code = read(error, 'code');
  if (typeof code === 'string' && TRANSIENT_CODE.test(code)) return true;
  return wrappedIn(error).some((inner) => mayPass(inner, seen));
}

/**
 * The status of the HTTP answer that an error is about. A status below 400 is skipped: that answer was good, and the failure
 * came after it, for instance in its body.
 */
function statusOf(error: unknown): number | undefined {
  const candidates = [
    read(error, 'status'),
    read(error, 'statusCode'),
    read(error, 'code'),
    read(read(error, 'response'), 'status'),
  ];
  for (const candidate of candidates) {
    if (typeof candidate !== 'number' && typeof candidate !== 'string') continue;
    const status = Number(candidate);
    if (Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  return undefined;
}

/** Global fetch puts what happened into the `cause` of its TypeError, and AggregateError has `errors`. */
function wrappedIn(error: unknown): unknown[] {
  const cause = read(error, 'cause');
  const errors = read(error, 'errors');
  return [...(cause === undefined ? [] : [cause]), ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
}

/** How long the server asks us to stay away. 0 if it does not say. */
function retryAfterMs(error: unknown): number {
  let longestMs = 0;
  const links = new Set([error]);
  for (const link of links) {
    for (const headers of [read(link, 'headers'), read(read(link, 'response'), 'headers')]) {
      const fields = entriesOf(headers);
      const valuesOf = (field: string) =>
        fields.filter(([name]) => textOf(name).toLowerCase() === field).map(([, value]) => value);
      // Some services also say it exactly, since HTTP's own field knows whole seconds only.
      const exactMs = valuesOf('retry-after-ms').map((value) => Number(textOf(value)));
      const waits = exactMs.some((ms) => ms >= 0) ? exactMs : valuesOf('retry-after').flatMap(delaysMs);
      for (const ms of waits) if (ms > longestMs) longestMs = ms;
    }
    for (const inner of wrappedIn(link)) links.add(inner); // the loop also comes to these, to each of them once
  }
  return longestMs;
}

/** Headers in any of the shapes that clients hand out, as pairs of name and value. */
function entriesOf(headers: unknown): ReadonlyArray<readonly [unknown, unknown]> {
  if (typeof headers !== 'object' || headers === null) return [];
  try {
    if (!(Symbol.iterator in headers)) return Object.entries(headers); // { 'retry-after': '60' }
    const items = [...(headers as Iterable<unknown>)];
    // A Headers object, a Map, or an array of pairs.
    if (items.every((item) => Array.isArray(item))) return items as unknown as Array<[unknown, unknown]>;
    // Raw headers: name and value in turn.
    return items.flatMap((name, index) => (index % 2 === 0 ? [[name, items[index + 1]] as const] : []));
  } catch {
    return []; // bad headers must not hide the task's own failure
  }
}

/** The waits that a Retry-After header asks for, in milliseconds. A header may have been sent more than once. */
function delaysMs(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(delaysMs); // ['60', '60'], as undici hands out a repeated header
  // '60, 60', as a Headers object does. The comma inside a date follows the name of a day.
  return textOf(value)
    .split(/(?<=\d|GMT)\s*,/)
    .map((text) => delayMs(text.trim()));
}

/** Seconds, or a date in one of HTTP's three formats. 0 for anything else, and for what is past. */
function delayMs(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^[a-z]{3,9},? |^\d{4}-/i.test(text)) return 0;
  // HTTP's dates are UTC, also the asctime format, which does not say so: Sun Nov  6 08:49:37 1994.
  const hasZone = /(GMT|UTC|Z|[+-]\d\d:?\d\d)$/i.test(text);
  return Math.max(0, Date.parse(hasZone ? text : `${text} GMT`) - Date.now()) || 0;
}

/** A name or a value as text. Some clients hand out its bytes. */
function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

/** A property of whatever was thrown, be it undefined or an object that throws when it is read. */
function read(thrown: unknown, name: string): unknown {
  try {
    return (thrown as Partial<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

/** Node's timers count to 2 ** 31 - 1 ms, some 25 days. What is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws the signal's reason, if it aborts meanwhile */
async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let leftMs = ms;
  do {
    const timerMs = Math.min(leftMs, LONGEST_TIMER_MS);
    await sleep(timerMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    leftMs -= timerMs;
  } while (leftMs > 0);
  signal?.throwIfAborted();
}

/** Infinity counts as well: a budget without an end. */
const isCount = (value: number) => value === Infinity || (Number.isInteger(value) && value >= 0);

/** Asks `isFine` only about a number: to compare a symbol would throw an error that names no option. */
function expectNumber(
  name: string,
  value: unknown,
  isFine: (value: number) => boolean,
  expected: string,
): void {
  if (typeof value !== 'number' || !isFine(value)) {
    throw new TypeError(`${name}: expected ${expected}, got ${inspect(value)}`);
  }
}
