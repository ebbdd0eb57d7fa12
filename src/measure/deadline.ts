// Work that must end. A process may hang and never say so: on a system without a free thread some calls wait for ever.
import { timerLength } from '../api/clock.ts';

/** Work was not done when its deadline passed. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface Deadline {
  /** How long the work may take, in milliseconds. */
  readonly ms: number;
  /** How long it was expected to take, for the message. */
  readonly expectedMs: number;
  readonly signal?: AbortSignal | undefined;
}

const seconds = (ms: number): number => Math.round(ms / 1000);

/**
 * Runs `work` and hands it a signal, which aborts when the deadline passes or `signal` aborts.
 * @throws {DeadlineError} once the deadline has passed, whatever `work` does; what `work` throws
 */
export async function inTime<Result>(
  { ms, expectedMs, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const stop = new AbortController();
  const timer = setTimeout(() => {
    const error = new DeadlineError(
      `nothing came within ${seconds(ms)} s, where some ${seconds(expectedMs)} s were expected`,
    );
    late.reject(error);
    stop.abort(error);
  }, timerLength(ms));
  try {
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    return await Promise.race([work(either), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
