// Settling as a wrapper around the task: a failure becomes a value, so one bad order does not end the dinner.
// It is what gather(return_exceptions=True) does, but it composes with every approach instead of being an
// option of each.
import type { Task } from './task.ts';

/** A task that never throws: it returns what Promise.allSettled would say about the original. */
export function settled<Input, Output>(
  task: Task<Input, Output>,
): (input: Input, signal?: AbortSignal) => Promise<PromiseSettledResult<Output>> {
  return async (input, signal) => {
    try {
      return { status: 'fulfilled', value: await task(input, signal) };
    } catch (reason) {
      return { status: 'rejected', reason };
    }
  };
}
