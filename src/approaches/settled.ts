// Settling, as a wrapper around a task: a failure becomes a value, so that one bad order does not end the whole dinner.
// Python has this as an option, gather(return_exceptions=True). A wrapper is better than an option: it goes with every
// approach, and no approach has to know of it.
//
// Needs Node 20 or later. Copy this file as it is: it imports nothing.

/**
 * The same task, but its promise never rejects. It resolves with what `Promise.allSettled` would say of the original:
 * `{ status: 'fulfilled', value }` or `{ status: 'rejected', reason }`. If its signal has already aborted, the original
 * is not called, and the reason is that of the signal.
 */
export function settled<Input, Output>(
  task: (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>,
): (input: Input, signal?: AbortSignal) => Promise<PromiseSettledResult<Output>> {
  return async (input, signal) => {
    try {
      signal?.throwIfAborted();
      return { status: 'fulfilled', value: await task(input, signal) };
    } catch (reason) {
      return { status: 'rejected', reason };
    }
  };
}
