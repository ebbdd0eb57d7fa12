// All at once: start every task, then wait for all. The time is that of the slowest, and so is the trouble:
// as many requests, sockets and half-read bodies at the same moment as there are inputs.
import type { Task } from './task.ts';

/**
 * Results in the order of the inputs. The first failure rejects at once, **while the other tasks run on**:
 * Promise.all only stops waiting. Hand it a signal and abort it to stop them.
 * @throws the first error of a task; the signal's reason
 */
export async function promiseAll<Input, Output>(
  inputs: Iterable<Input>,
  task: Task<Input, Output>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Output[]> {
  signal?.throwIfAborted();
  // All inputs first, and an async function for each, though it looks idle: an iterator or a task that throws would
  // otherwise leave this function while promises of elder tasks hang unwatched, and their rejection ends the process.
  return Promise.all([...inputs].map(async (input) => task(input, signal)));
}
