// At most so many at once: a bounded pool. Its idea is ten lines, worth knowing by heart:
//
//   async function pool(inputs, task, concurrency) {
//     const results = [];
//     const entries = inputs.entries(); // one iterator, from which all lanes draw
//     async function lane() {
//       for (const [place, input] of entries) results[place] = await task(input);
//     }
//     const lanes = Array.from({ length: concurrency }, lane);
//     await Promise.all(lanes);
//     return results;
//   }
//
// Each lane runs one task, waits for it, and draws the next input. A slow task holds up its own lane only. The ten lines
// lack safety: after a failure the other lanes go on, and nobody waits for them. `boundedPool` stops the other lanes and
// waits for them. It also takes an AbortSignal, and inputs that are endless or slow.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has.
import { inspect } from 'node:util';

export interface BoundedPoolOptions {
  /** The most tasks in flight at once: a positive integer, or Infinity. */
  readonly concurrency: number;
  /** Its abort ends the pool: nothing more starts, and the signal of every running task aborts with the same reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `task` for each of `inputs`. The results have the order of the inputs, whichever task ends first.
 *
 * An input is drawn only when a lane is free, so `inputs` may be endless, or an async iterable that answers slowly. A task
 * gets what the iterable yields; if that is a promise, the task gets the promise.
 *
 * After the first failure (of a task, or of `inputs` themselves) or an abort, nothing starts any more, and running tasks see
 * their signal abort. When the last of them has ended, `inputs` is closed (its `return()` is called), and the promise
 * rejects with that failure, or with the signal's reason. A source that does not answer cannot hold this up: the pool does
 * not wait for a pending `next()`, and it waits for a pending `return()` one second at most.
 *
 * @throws {TypeError} if `concurrency` is neither a positive integer nor Infinity
 */
export async function boundedPool<Input, Output>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  { concurrency, signal }: BoundedPoolOptions,
): Promise<Output[]> {
  if (concurrency !== Infinity && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new TypeError(`concurrency: expected a positive integer or Infinity, got ${inspect(concurrency)}`);
  }
  signal?.throwIfAborted();
  const run = new Run();
  const onAbort = () => run.fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const results = isAsync(inputs)
      ? await runSlowInputs(inputs[Symbol.asyncIterator](), task, concurrency, run)
      : await runInputs(inputs[Symbol.iterator](), task, concurrency, run);
    if (run.failure) throw run.failure.reason;
    return results;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** What the lanes of one pool share: the first failure or abort, and the signal that tells running tasks of it. */
class Run {
  /** An object, because a task may also throw `undefined`. */
  failure: { readonly reason: unknown } | undefined;
  readonly #stop = new AbortController();
  readonly signal = this.#stop.signal;

  readonly fail = (reason: unknown): void => {
    if (this.failure) return;
    this.failure = { reason };
    this.#stop.abort(reason);
  };
}

/** How many lanes are started in a row. */
const LANES_AT_ONCE = 1000;

/** Inputs that are there when asked for: an array, a Set, a generator. */
async function runInputs<Input, Output>(
  iterator: Iterator<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  concurrency: number,
  run: Run,
): Promise<Output[]> {
  const results: Output[] = [];
  /** The place of the next input among the results. */
  let place = 0;
  /** Whether there may be more inputs. */
  let isOpen = true;

  async function lane(): Promise<void> {
    try {
      while (isOpen && !run.failure) {
        const next = iterator.next();
        if (next.done) isOpen = false;
        if (next.done || run.failure) return; // next() itself may have aborted the signal
        const own = place++;
        results[own] = await task(next.value, run.signal);
      }
    } catch (error) {
      run.fail(error);
    }
  }

  const lanes: Array<Promise<void>> = [];
  while (isOpen && !run.failure && lanes.length < concurrency) {
    lanes.push(lane());
    // With concurrency Infinity, a million quick tasks would get a million lanes. This pause lets the first lanes end their
    // tasks and draw more inputs.
    if (lanes.length % LANES_AT_ONCE === 0) await Promise.resolve();
  }
  await Promise.all(lanes);
  if (run.failure) await close(iterator);
  return results;
}

/**
 * Inputs that have to be waited for: an async generator, a stream. There is one lane until the first answer; each answer
 * starts another one, up to `concurrency`. So a source is asked by free lanes only.
 */
async function runSlowInputs<Input, Output>(
  iterator: AsyncIterator<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  concurrency: number,
  run: Run,
): Promise<Output[]> {
  const results: Output[] = [];
  /** The place of the next input among the results. */
  let place = 0;
  /** Whether there may be more inputs. */
  let isOpen = true;
  /** The waits for the source: the place that each waits for, and the function that ends it. */
  const owed = new Map<number, () => void>();

  /** Async, so that a source that throws at once rejects like any other. */
  async function nextInput(): Promise<IteratorResult<Input>> {
    return iterator.next();
  }

  function draw(own: number): Promise<IteratorResult<Input>> {
    return new Promise((resolve, reject) => {
      // This comes first, because next() may abort the signal.
      owed.set(own, () => resolve({ done: true, value: undefined }));
      nextInput()
        .finally(() => owed.delete(own))
        .then(resolve, reject);
    });
  }

  function stopWaiting(isInVain: (place: number) => boolean): void {
    for (const [place, endWait] of owed) if (isInVain(place)) endWait();
  }
  run.signal.addEventListener('abort', () => stopWaiting(() => true));

  async function lane(): Promise<void> {
    try {
      while (isOpen && !run.failure) {
        const own = place++;
        const next = await draw(own);
        if (run.failure) return;
        if (next.done) {
          isOpen = false;
          stopWaiting((place) => place > own); // the source has no answer for places after its end
          return;
        }
        if (isOpen && lanes.length < concurrency) lanes.push(lane());
        results[own] = await task(next.value, run.signal);
      }
    } catch (error) {
      run.fail(error);
    }
  }

  const lanes = [lane()];
  for (const running of lanes) await running; // the loop also comes to lanes that start meanwhile
  if (run.failure) {
    const closed = close(iterator);
    // An async generator that is still at its next() closes only after that, perhaps never.
    if (owed.size === 0) await closed;
  }
  return results;
}

/** Like `for await`: a `[Symbol.asyncIterator]` that is undefined or null does not count. */
function isAsync<Input>(inputs: Iterable<Input> | AsyncIterable<Input>): inputs is AsyncIterable<Input> {
  return typeof (inputs as Partial<AsyncIterable<Input>>)[Symbol.asyncIterator] === 'function';
}

const CLOSING_MS = 1000;

/** Calls `return()`. What it throws is dropped: the pool already has a failure to report, and that came first. */
async function close(iterator: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
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
