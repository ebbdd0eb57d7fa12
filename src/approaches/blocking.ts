// The article's "traditional synchronous programming": the thread asks, and stands still until the answer is
// there. Sequential await takes as long, but its thread is free between request and answer: timers fire, other
// requests are served, Ctrl-C is heard. Here nothing happens, and an abort is seen only between two calls.

/**
 * Results in the order of the inputs.
 * @throws the first error of a task; the signal's reason, if it had aborted before a call
 */
export function blocking<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input) => Output,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Output[] {
  const results: Output[] = [];
  for (const input of inputs) {
    signal?.throwIfAborted();
    results.push(task(input));
  }
  return results;
}
