// At most so many at once: C lanes draw from one iterator; each runs a task, waits for it, draws the next. A
// slow task holds up its own lane only, unlike waves of Promise.all, which all wait for their slowest.
import { addAbortListener } from 'node:events';
import { inspect } from 'node:util';
import type { Task } from './task.ts';

/**
 * Results in input order. `inputs` may be endless or slow: one is drawn only when a lane is free. After a failure or
 * an abort nothing starts, tasks in flight see their signal abort, `inputs` is closed, and when the last task **has
 * ended** the promise rejects with the first error (of a task or of `inputs`) or the signal's reason.
 * @throws {TypeError} if `concurrency` is not a positive integer or Infinity
 */
export async function boundedPool<Input, Output>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  task: Task<Input, Output>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal?: AbortSignal | undefined },
): Promise<Output[]> {
  if (concurrency !== Infinity && !(Number.isInteger(concurrency) && concurrency > 0))
    throw new TypeError(`concurrency: expected a positive integer or Infinity, got ${inspect(concurrency)}`);
  signal?.throwIfAborted();
  const [results, stop, ended] = [[] as Output[], new AbortController(), Promise.withResolvers<void>()];
  let [lanes, drawing, drawn, open] = [0, 0, 0, true];
  let failure: { readonly reason: unknown } | undefined;
  using _ = signal && addAbortListener(signal, () => settle({ reason: signal.reason }));
  const isAsync = typeof inputs !== 'string' && Symbol.asyncIterator in inputs;
  const iterator = isAsync ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  async function lane(inner: AbortSignal) {
    lanes++;
    try {
      while (open) {
        const place = drawn++;
        let next: IteratorResult<Input>;
        if (isAsync) {
          drawing++; // before next() is called, which may abort
          next = await Promise.try(() => iterator.next()).finally(() => drawing--);
          if (!next.done && lanes < concurrency) void lane(inner);
        } else next = iterator.next() as IteratorResult<Input>;
        if (next.done || failure) open = false;
        else results[place] = await task(next.value, inner);
      }
    } catch (error) {
      failure ??= { reason: error };
    }
    lanes--;
    settle(failure);
  }
  function settle(reason: typeof failure) {
    failure ??= reason;
    open &&= !failure;
    if (failure) stop.abort(failure.reason);
    if (lanes === (failure ? drawing : 0)) ended.resolve(); // a silent source keeps no failed pool open
  }
  do void lane(stop.signal);
  while (open && lanes < (isAsync ? 1 : concurrency));
  await ended.promise;
  if (!failure) return results;
  const closed = Promise.try(() => iterator.return?.()).catch(() => {});
  if (drawing === 0) await closed;
  throw failure.reason;
}
