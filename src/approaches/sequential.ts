// One after the other: start a task, wait for its answer, start the next. The thread is free while it waits, but this
// approach does not use that freedom: the time is the sum of all waits.
//
// Needs Node 20 or later. Copy this file as it is: it imports nothing.

/**
 * Runs `task` for each of `inputs`, one at a time. The results have the order of the inputs. A task gets what the iterable
 * yields; if that is a promise, the task gets the promise.
 *
 * After the first failure (of a task, or of `inputs` themselves) or an abort, nothing starts any more. When the running task
 * has ended, `inputs` is closed (its `return()` is called), and the promise rejects with that failure, or with the signal's
 * reason. An async source that does not answer cannot hold this up: an abort ends the wait for its `next()`, and the wait
 * for its `return()` ends after one second.
 */
export async function sequential<Input, Output>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  task: (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Output[]> {
  signal?.throwIfAborted();
  if (isAsync(inputs)) return runSlowInputs(inputs[Symbol.asyncIterator](), task, signal);
  const results: Output[] = [];
  for (const input of inputs) {
    signal?.throwIfAborted(); // drawing the input may have aborted it
    results.push(await task(input, signal));
    signal?.throwIfAborted();
  }
  return results;
}

/**
 * The same loop for inputs that have to be waited for: an async generator, a stream. `for await` would be shorter, but it
 * waits for a silent source for ever, whatever the signal says.
 */
async function runSlowInputs<Input, Output>(
  iterator: AsyncIterator<Input>,
  task: (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>,
  signal: AbortSignal | undefined,
): Promise<Output[]> {
  const results: Output[] = [];
  /** Whether the last `next()` brought no input: it is pending, or it failed. */
  let isAsking = false;
  try {
    while (true) {
      isAsking = true;
      const next = await unlessAborted(Promise.resolve(iterator.next()), signal);
      isAsking = false;
      if (next.done) return results;
      results.push(await task(next.value, signal));
      signal?.throwIfAborted();
    }
  } catch (error) {
    const closed = close(iterator);
    // An async generator that is still at its next() closes only after that, perhaps never.
    if (!isAsking) await closed;
    throw error;
  }
}

/** Like `for await`: a `[Symbol.asyncIterator]` that is undefined or null does not count. */
function isAsync<Input>(inputs: Iterable<Input> | AsyncIterable<Input>): inputs is AsyncIterable<Input> {
  return typeof (inputs as Partial<AsyncIterable<Input>>)[Symbol.asyncIterator] === 'function';
}

/** Settles as `promise` does, or rejects with the signal's reason if that aborts first. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}

const CLOSING_MS = 1000;

/** Calls `return()`. What it throws is dropped: there already is a failure to report, and that came first. */
async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSING_MS);
  });
  try {
    await Promise.race([iterator.return?.(), patience]);
  } catch {
    // See above.
  } finally {
    clearTimeout(timer);
  }
}
