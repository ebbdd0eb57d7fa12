// Several threads. For work that computes, this is the only approach that uses a second core, as long as one message
// carries enough work to pay for its way to the thread and back. For work that waits, it is multi-threading as the article
// means it: each request in flight keeps a whole thread, and that thread waits.
//
// Needs Node 20 or later. You hand it a thread pool, for instance piscina's:
//
//   const pool = new Piscina({ filename: new URL('./resize.js', import.meta.url).href });
//   pool.on('error', () => {}); // piscina emits it if a task fails while we abort it; unheard it ends the process
//   await workerThreads(images, pool, { batchSize: 10 });
//
// The default export of resize.js takes an array of inputs and returns an array of results in the same order.
import { inspect } from 'node:util';

/** A message to a thread and back costs some 30 µs. This much work in it makes that less than one percent. */
const WORK_PER_MESSAGE_MS = 5;

/** With fewer batches than this for each thread, a thread that finishes early finds nothing left to take. */
const BATCHES_PER_THREAD = 4;

/**
 * How many inputs to send in one message.
 * @param options.costMs what one task costs, in milliseconds of computing
 * @param options.count how many inputs there are
 * @param options.threads how many threads share them
 * @throws {TypeError} if one of them is not a number, or out of range
 */
export function batchSizeFor({
  costMs,
  count,
  threads,
}: {
  readonly costMs: number;
  readonly count: number;
  readonly threads: number;
}): number {
  expectNumber('costMs', costMs, (value) => value >= 0, 'a number from 0 up');
  expectNumber('count', count, (value) => Number.isInteger(value) && value >= 0, 'an integer from 0 up');
  expectNumber('threads', threads, (value) => Number.isInteger(value) && value > 0, 'a positive integer');
  const worthSending = Math.ceil(WORK_PER_MESSAGE_MS / Math.max(costMs, 1e-6));
  const fairShare = Math.floor(count / (threads * BATCHES_PER_THREAD));
  return Math.max(1, Math.min(worthSending, fairShare));
}

/** What a thread pool must offer. Piscina does, and so does tinypool. */
export interface ThreadPool<Input, Output> {
  /** Runs a batch in some thread. The results have the order of the batch. An abort ends the thread or drops the batch. */
  run(batch: Input[], options: { readonly signal: AbortSignal }): PromiseLike<readonly Output[]>;
}

export interface WorkerThreadsOptions {
  /** Inputs in one message: a positive integer, or Infinity for all in one. Default: 1. See `batchSizeFor`. */
  readonly batchSize?: number;
  /** Its abort drops the batches that wait, and ends the threads at work. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends `inputs` to the threads of `pool`, in batches. The results have the order of the inputs. All inputs are drawn
 * before the first is sent.
 *
 * After the first failure or an abort the batches that wait are dropped and the threads at work are ended, since a thread
 * cannot be asked to stop in the middle; piscina starts new ones. When that is done, the promise rejects with what the
 * task threw, as far as it can be copied from thread to thread, or with the signal's reason.
 *
 * @throws {TypeError} if `batchSize` is neither a positive integer nor Infinity, or if a thread's answer is no array with one
 * result for each input
 */
export async function workerThreads<Input, Output>(
  inputs: Iterable<Input>,
  pool: ThreadPool<Input, Output>,
  { batchSize = 1, signal }: WorkerThreadsOptions = {},
): Promise<Output[]> {
  const isSize = (value: number) => value === Infinity || (Number.isInteger(value) && value > 0);
  expectNumber('batchSize', batchSize, isSize, 'a positive integer or Infinity');
  signal?.throwIfAborted();

  const stop = new AbortController();
  /** The first failure, or the abort. An object, because a task may also throw `undefined`. */
  let failure: { readonly reason: unknown } | undefined;
  function fail(reason: unknown): void {
    if (failure) return;
    failure = { reason };
    stop.abort(reason);
  }

  async function send(batch: Input[]): Promise<readonly Output[]> {
    try {
      const results = await pool.run(batch, { signal: stop.signal });
      if (results === null) throw null; // this is how piscina tells that the task threw null
      expectResults(results, batch.length);
      return results;
    } catch (error) {
      fail(error);
      return [];
    }
  }

  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const all = [...inputs];
    const sent: Array<Promise<readonly Output[]>> = [];
    for (let start = 0; start < all.length && !stop.signal.aborted; start += batchSize) {
      sent.push(send(all.slice(start, start + batchSize)));
    }
    // Also after a failure: when this function ends, no thread is at work for it any more.
    const results = await Promise.all(sent);
    if (failure) throw failure.reason;
    return results.flat();
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

function expectResults(results: unknown, count: number): void {
  if (Array.isArray(results) && results.length === count) return;
  const got = Array.isArray(results) ? `${results.length} results` : inspect(results, { depth: 0 });
  throw new TypeError(`a batch of ${count}: expected an array of ${count} results, got ${got}`);
}
