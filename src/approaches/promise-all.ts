// All at once: start every task, then wait for all of them. It takes as long as the slowest task. The price is that as many
// requests, sockets and half-read bodies are open at the same moment as there are inputs.
//
// Needs Node 20 or later. Copy this file as it is: it imports nothing.

/**
 * Runs `task` for each of `inputs`, all at the same time. The results have the order of the inputs. A task gets what the
 * iterable yields; if that is a promise, the task gets the promise.
 *
 * The first failure rejects at once, **while the other tasks run on**: Promise.all only stops waiting for them. To stop
 * them, hand in a `signal`, pay attention to it in the task, and abort it.
 *
 * After an abort nothing starts. The promise rejects with what the first task throws when it sees its signal. If no task
 * throws, it rejects with the signal's reason when all have ended.
 */
export async function promiseAll<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Output[]> {
  signal?.throwIfAborted();
  // Draw everything before the first task starts. If `inputs` threw half-way, the tasks already started would run on with
  // nobody waiting for them, and if one of them then failed, the unhandled rejection would end the process.
  const all = [...inputs];
  // An async function, so that a task which throws at once is a rejection like any other. Without it, `map` would throw, and
  // leave behind the tasks that it had started.
  const start = async (input: Input): Promise<Output> => {
    signal?.throwIfAborted(); // an earlier task may have aborted it just now
    return task(input, signal);
  };
  const results = await Promise.all(all.map((input) => start(input)));
  signal?.throwIfAborted();
  return results;
}
