// Records what happened to each input, and when. It is a wrapper around a task, as `settled` is, so it goes with every
// approach. A failure becomes a record, which a measurement counts. It does not end the measurement.
import { threadId } from 'node:worker_threads';
import { refusalOf } from '../approaches/adaptive.ts';
import type { Task } from '../approaches/task.ts';
import { now } from '../api/clock.ts';
import { kindOfFailure } from '../failure-kind.ts';
import { isThenable } from '../thenable.ts';

/** Stands for the id of a thread that ended before it could tell it. */
export const NO_THREAD = -1;

export interface Span {
  readonly input: number;
  /** On the `now()` clock, the same for all threads and processes. */
  readonly startMs: number;
  readonly endMs: number;
  /** 0 is the main thread of its process, `NO_THREAD` one that ended before it could say. */
  readonly thread: number;
  readonly outcome: 'ok' | 'failed' | 'aborted';
  /** What kind of failure it was: name and code, so that equal failures can be counted. */
  readonly error?: string;
}

/** From the first start to the last end, whatever the order of the spans. Without any, from 0 to 0. */
export function windowOf(spans: readonly Span[]): { readonly startMs: number; readonly endMs: number } {
  if (spans.length === 0) return { startMs: 0, endMs: 0 };
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const span of spans) {
    startMs = Math.min(startMs, span.startMs);
    endMs = Math.max(endMs, span.endMs);
  }
  return { startMs, endMs };
}

/** A span and what the task returned: results are held, and sent between threads, as a real program does. */
export interface Recorded {
  readonly span: Span;
  readonly value?: unknown;
  /** The API refused it, and asks us to stay away for so many milliseconds. */
  readonly refusedForMs?: number;
}

/** Runs the task and says how it went. Stays synchronous for a synchronous task, which `blocking` needs. */
export function recorded(
  task: Task<number, unknown>,
): (input: number, signal?: AbortSignal) => Recorded | Promise<Recorded> {
  return (input, signal) => {
    const startMs = now();
    const span = (outcome: Span['outcome']) => ({ input, startMs, endMs: now(), thread: threadId, outcome });
    const ok = (value: unknown): Recorded => ({ span: span('ok'), value });
    const failed = (reason: unknown): Recorded => {
      const failure = { ...span(signal?.aborted ? 'aborted' : 'failed'), error: kindOfFailure(reason) };
      const refusedForMs = refusalIn(reason);
      return { span: failure, ...(refusedForMs !== undefined && { refusedForMs }) };
    };
    try {
      const result = task(input, signal);
      // A Task may return any thenable (an object with `then`). If it were taken for a value, its failure would be lost.
      return isThenable(result) ? Promise.resolve(result).then(ok, failed) : ok(result);
    } catch (reason) {
      return failed(reason);
    }
  };
}

function refusalIn(reason: unknown): number | undefined {
  try {
    return refusalOf({ status: 'rejected', reason });
  } catch {
    return undefined;
  }
}

/** The record of an input whose thread ended before it could answer. */
export function lost(input: number, startMs: number, reason: unknown): Recorded {
  return {
    span: {
      input,
      startMs,
      endMs: now(),
      thread: NO_THREAD,
      outcome: 'failed',
      error: kindOfFailure(reason),
    },
  };
}
