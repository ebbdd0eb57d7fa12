// Trying again as a wrapper around the task, like settling: it composes with every approach. Only what is safe to
// repeat and may pass by itself is repeated, never earlier than the server allows, and in the whole run not more
// often than the budget says: when everything fails, retries are what keeps a service down.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Task } from './task.ts';

export interface RetryOptions<Input> {
  /** Whether twice is as good as once: true for GET, PUT and DELETE, false for most POST. */
  readonly idempotent: boolean | ((input: Input) => boolean);
  /** How many repeats the wrapper has, over all inputs together; or who grants them, where others share them. */
  readonly budget: number | (() => boolean);
  /** How often one input is tried, the first time included. */
  readonly attempts?: number;
  /** The first wait is up to so long, each further one up to twice the last. */
  readonly baseMs?: number;
  /** The longest wait. A Retry-After beyond it means giving up: asking earlier is not allowed. */
  readonly maxMs?: number;
  /** Of the waits. By default its own for each wrapper: those of other threads and processes wait otherwise. */
  readonly seed?: number;
}

const TRANSIENT =
  /^(TimeoutError|408|425|429|500|502|503|504|ECONNRE\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_(SOCKET|.*_TIMEOUT))$/;

/**
 * `task`, tried again after failures that may pass: by the error's `status`, `code` or `name`, and the `retry-after` of its
 * `headers`, in seconds or as a date. Throws what the last try threw; an abort ends a wait with the signal's reason.
 * @throws {TypeError} if a number among the options is none or is negative
 */
export function retried<Input, Output>(task: Task<Input, Output>, options: RetryOptions<Input>) {
  const { idempotent, budget, attempts = 4, baseMs = 200, maxMs = 30_000 } = options;
  const { seed = Math.random() * 2 ** 32 } = options;
  const numbers = { ...(typeof budget === 'number' && { budget }), attempts, baseMs, maxMs };
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value >= 0)) throw new TypeError(`${name}: expected a number from 0 up, got ${inspect(value)}`);
  }
  let [spent, calls] = [0, 0];
  const granted = typeof budget === 'number' ? () => spent++ < budget : budget;
  return async (input: Input, signal?: AbortSignal): Promise<Output> => {
    const call = calls++;
    const mayRepeat = typeof idempotent === 'function' ? idempotent(input) : idempotent;
    for (let attempt = 1; ; attempt++) {
      try {
        return await task(input, signal);
      } catch (error) {
        const { status, code, name, headers } = (error ?? {}) as Partial<Record<string, unknown>>;
        const isTransient = [status, code, name].some((mark) => TRANSIENT.test(String(mark)));
        // "Full jitter": clients that failed together must not come back together.
        const backoffMs = Math.min(maxMs, baseMs * 2 ** (attempt - 1)) * chance(seed, call, attempt);
        const delayMs = Math.max(backoffMs, retryAfterMs(headers));
        if (!mayRepeat || !isTransient || attempt >= attempts || delayMs > maxMs || !granted()) throw error;
        await sleep(delayMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
      }
    }
  };
}

/** 0 if the server did not say. */
function retryAfterMs(headers: unknown): number {
  const value = String((headers as Partial<Record<string, unknown>> | undefined)?.['retry-after']);
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  return Math.max(0, Date.parse(value) - Date.now()) || 0;
}

/** A number in [0, 1) from these alone: with a generator, who asks first would change everyone's waits. */
function chance(...keys: number[]): number {
  const mix = (hash: number, key: number) => Math.imul(hash ^ (hash >>> 15) ^ key, 0x9e3779b1);
  return ([...keys, 0, 0].reduce(mix, 1) >>> 0) / 2 ** 32;
}
