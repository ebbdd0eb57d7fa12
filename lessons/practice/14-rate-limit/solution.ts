// The limiter knows when each task starts before it starts: not earlier than now, and not within a second of
// the task that came `perSecond` places before. There is no `await` before the start is written down, so that
// two calls cannot take the same.
import { setTimeout as sleep } from 'node:timers/promises';

export function limited<Input, Output>(
  task: (input: Input) => Promise<Output>,
  perSecond: number,
): (input: Input) => Promise<Output> {
  /** When the last tasks start, the oldest first. */
  const starts: number[] = [];
  return async (input) => {
    const oldest = starts.length < perSecond ? -Infinity : starts.shift()!;
    const startMs = Math.max(performance.now(), oldest + 1000);
    starts.push(startMs);
    const waitMs = startMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    return task(input);
  };
}
