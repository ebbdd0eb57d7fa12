// The `map` of a stream: Node's own way to limit how many tasks run at once. The idea is one line:
//
//   const results = await Readable.from(inputs).map(task, { concurrency }).toArray();
//
// A stream keeps the order of its inputs, so a result waits until all results before it are there. In Node only
// 2 · concurrency - 1 results may wait or be in flight. If a slow input comes before that many quick ones, nothing new
// starts until it ends. This is called head-of-line blocking. The cure is a larger `highWaterMark`: then more results may
// wait. The price is memory.
//
// The one line has three more weaknesses. A stream takes no `null`. It waits for inputs that are promises. After a failure
// it does not wait for the tasks that still run. So `streamMap` packs every value into an object and keeps failures away
// from the stream. The stream then ends only when its last task has ended, and `streamMap` throws the first failure.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has.
import { Readable } from 'node:stream';
import { inspect } from 'node:util';

export interface StreamMapOptions {
  /** The most tasks in flight at once: a positive integer. */
  readonly concurrency: number;
  /** How many results may wait for an earlier one, in addition to those in flight. Default: concurrency - 1, as in Node. */
  readonly highWaterMark?: number;
  /** Its abort ends the stream: nothing more starts, and the signal of every running task aborts with the same reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `task` for each of `inputs`. The results have the order of the inputs, whichever task ends first. The stream draws
 * inputs ahead, a few more than there are tasks in flight.
 *
 * After the first failure (of a task, or of `inputs` themselves) or an abort, nothing starts any more, and running tasks see
 * their signal abort. When the last of them has ended, the promise rejects with that failure, or with the signal's reason.
 *
 * @throws {TypeError} if an option that must be a number is none, or is out of range
 */
export async function streamMap<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  { concurrency, highWaterMark: requestedMark, signal }: StreamMapOptions,
): Promise<Output[]> {
  expectNumber(
    'concurrency',
    concurrency,
    (value) => Number.isInteger(value) && value > 0,
    'a positive integer',
  );
  const highWaterMark = requestedMark === undefined ? concurrency - 1 : requestedMark;
  expectNumber(
    'highWaterMark',
    highWaterMark,
    (value) => Number.isInteger(value) && value >= 0,
    'an integer from 0 up',
  );
  signal?.throwIfAborted();

  const stop = new AbortController();
  /** The first failure, or the abort. An object, because a task may also throw `undefined`. */
  let failure: { readonly reason: unknown } | undefined;
  function fail(reason: unknown): void {
    if (failure) return;
    failure = { reason };
    stop.abort(reason);
  }

  /** The inputs, each in an object. They end early after a failure, and so the stream ends. */
  function* packed(): Generator<{ readonly input: Input }, void, undefined> {
    try {
      for (const input of inputs) {
        if (failure) return; // drawing the input may have aborted the signal
        yield { input };
        if (failure) return;
      }
    } catch (error) {
      fail(error);
    }
  }

  /** Never rejects: a stream that fails forgets the tasks that still run. */
  async function run({ input }: { readonly input: Input }): Promise<{ readonly output?: Output }> {
    if (failure) return {};
    try {
      return { output: await task(input, stop.signal) };
    } catch (error) {
      fail(error);
      return {};
    }
  }

  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const limits = { concurrency, highWaterMark };
    const results = (await Readable.from(packed()).map(run, limits).toArray()) as Array<{
      readonly output: Output;
    }>;
    if (failure) throw failure.reason;
    return results.map(({ output }) => output);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Asks `isFine` only about a number: to compare a symbol would throw an error that names no option. */
function expectNumber(
  name: string,
  value: unknown,
  isFine: (value: number) => boolean,
  expected: string,
): void {
  if (typeof value !== 'number' || !isFine(value)) {
    throw new TypeError(`${name}: expected ${expected}, got ${inspect(value)}`);
  }
}
