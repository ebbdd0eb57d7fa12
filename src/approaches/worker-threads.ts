// Several threads, by piscina. For CPU work this is the only approach that uses a second core, as long as a
// message carries enough work to pay for its trip. For I/O it is multi-threading as the article means it: every
// request in flight keeps a whole thread, which waits.
import type { Piscina } from 'piscina';

/** A message to a thread and back costs some 30 µs; this much work in it makes that less than one percent. */
const WORK_PER_MESSAGE_MS = 5;
/** So many batches for each thread, at least, or a thread that finishes early has nothing left to take. */
const BATCHES_PER_THREAD = 4;

/** Inputs to send in one message, if one task costs `costMs`. */
export function batchSizeFor({ costMs, count, threads }: { costMs: number; count: number; threads: number }) {
  const worthSending = Math.ceil(WORK_PER_MESSAGE_MS / Math.max(costMs, 1e-6));
  const fairShare = Math.floor(count / (threads * BATCHES_PER_THREAD));
  return Math.max(1, Math.min(worthSending, fairShare));
}

/** Of a pool, all that is needed here: a worker whose default export takes a batch and returns its results. */
export type Pool<Input, Output> = Pick<Piscina<Input[], readonly Output[]>, 'run'>;

/**
 * Results in the order of the inputs. After the first failure or an abort the batches that wait are dropped and the threads
 * at work are ended (piscina starts new ones), since a thread cannot be asked to stop in the middle.
 * @throws the first error of a batch; the signal's reason
 */
export async function workerThreads<Input, Output>(
  inputs: Iterable<Input>,
  pool: Pool<Input, Output>,
  { batchSize = 1, signal }: { readonly batchSize?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Output[]> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const all = Array.from(inputs);
  const runs: Array<Promise<readonly Output[]>> = [];
  for (let start = 0; start < all.length; start += batchSize) {
    const run = pool.run(all.slice(start, start + batchSize), { signal: either });
    run.catch((error: unknown) => stop.abort(error));
    runs.push(run);
  }
  // allSettled, so that no thread is at work any more when this function ends with an error.
  const ended = await Promise.allSettled(runs);
  either.throwIfAborted();
  return ended.flatMap((run) => (run.status === 'fulfilled' ? run.value : []));
}
