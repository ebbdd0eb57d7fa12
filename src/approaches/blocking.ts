// What the article calls "traditional synchronous programming": the thread asks, and stands still until it has the answer.
// Sequential await takes as long, but leaves the thread free between request and answer: timers fire, other requests are
// served, Ctrl-C is heard. Here nothing else happens.
//
// Needs Node 20 or later. Copy this file as it is: it imports nothing.

/**
 * Calls `task` for each of `inputs`, one after the other, and returns the results in the order of the inputs. What a task
 * returns is its result, even if that is a promise: nothing is awaited here.
 *
 * After the first failure or an abort no further task is called, and `inputs` is closed. An abort can only come from inside
 * a task, because nothing else runs meanwhile.
 *
 * @throws the first error of a task or of `inputs`; the signal's reason, if it has aborted
 */
export function blocking<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input) => Output,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Output[] {
  signal?.throwIfAborted();
  const results: Output[] = [];
  for (const input of inputs) {
    signal?.throwIfAborted(); // drawing the input may have aborted it
    results.push(task(input));
    signal?.throwIfAborted();
  }
  return results;
}
