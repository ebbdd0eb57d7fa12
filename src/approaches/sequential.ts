// One after the other: start a task, wait for its answer, start the next. The thread is free while it waits,
// but nothing of ours uses that freedom; the time is the sum of all waits.
import type { Task } from './task.ts';

/**
 * Results in the order of the inputs. Starts nothing after the first failure or after `signal` has aborted.
 * @throws the first error of a task or of `inputs`; the signal's reason
 */
export async function sequential<Input, Output>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  task: Task<Input, Output>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Output[]> {
  const results: Output[] = [];
  signal?.throwIfAborted();
  for await (const input of inputs) {
    signal?.throwIfAborted();
    results.push(await task(input, signal));
  }
  signal?.throwIfAborted();
  return results;
}
