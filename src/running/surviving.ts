// A pool of threads in which a thread that dies or hangs is an outcome of the inputs it had, not the end of the
// run. Like settling, it wraps what the approach is handed, so that the approach itself stays plain.
import { addAbortListener } from 'node:events';
import type { Pool } from '../approaches/worker-threads.ts';

export interface SurvivingOptions<Input, Output> {
  readonly threads: number;
  /** How long a thread may take for one input before it counts as hanging and is ended, in milliseconds. */
  readonly patienceMs: number;
  /** The outcome of an input whose thread threw, exited, ran out of memory, or hung. */
  readonly lost: (input: Input, startMs: number, reason: unknown) => Output;
}

/** The longest that Node's timers can wait. Of anything more they make 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** `pool`, with a `run` that rejects only when its signal aborts. */
export function surviving<Input, Output>(
  pool: Pool<Input, Output>,
  { threads, patienceMs, lost }: SurvivingOptions<Input, Output>,
): Pool<Input, Output> {
  // Patience counts from the start of a batch, and the pool does not say when that is: so hand it no more
  // batches than it has threads, and each starts at once.
  let free = threads;
  const waiting: Array<() => void> = [];
  return {
    async run(batch, { signal } = {}) {
      const turn = Promise.withResolvers<void>();
      if (free > 0) free--;
      else await (waiting.push(turn.resolve), turn.promise);
      const outer = signal as AbortSignal | undefined;
      const startMs = performance.timeOrigin + performance.now();
      const stop = new AbortController();
      using _ = outer && addAbortListener(outer, () => stop.abort(outer.reason));
      const hangs = new Error(`the thread gave no answer for ${patienceMs} ms`);
      const timer = setTimeout(() => stop.abort(hangs), Math.min(patienceMs * batch.length, LONGEST_MS));
      try {
        outer?.throwIfAborted();
        return await pool.run(batch, { signal: stop.signal });
      } catch (reason) {
        outer?.throwIfAborted();
        return batch.map((input) => lost(input, startMs, stop.signal.aborted ? hangs : reason));
      } finally {
        clearTimeout(timer);
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
