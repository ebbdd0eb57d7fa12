// A pool of threads that survives its threads: if one dies or hangs, its inputs have failed, and the run goes on. Like
// settling, it wraps what the approach is handed, so that the approach itself stays plain.
import { inspect } from 'node:util';
import { timerLength } from '../api/clock.ts';
import type { ThreadPool } from '../approaches/worker-threads.ts';

export interface SurvivingOptions<Input, Output> {
  /** How many threads the pool has. */
  readonly threads: number;
  /** How long a thread may take for one input before it counts as hanging and is ended, in milliseconds. */
  readonly patienceMs: number;
  /** The outcome of an input whose thread threw, exited, ran out of memory, or hung. */
  readonly lost: (input: Input, startMs: number, reason: unknown) => Output;
}

export interface SurvivingPool<Input, Output> {
  /** Rejects only when the signal aborts, and then with its reason. */
  run(batch: Input[], options?: { readonly signal?: AbortSignal }): Promise<readonly Output[]>;
  /** Gives up every batch under way, because no thread is left that could answer. */
  giveUp(reason: unknown): void;
}

/**
 * The same pool, but for the inputs of a thread that fails it answers with what `lost` makes of them.
 * @throws {TypeError} if a number among the options is out of its range
 */
export function surviving<Input, Output>(
  pool: ThreadPool<Input, Output>,
  { threads, patienceMs, lost }: SurvivingOptions<Input, Output>,
): SurvivingPool<Input, Output> {
  expectNumber('threads', threads, Number.isInteger(threads) && threads > 0, 'a positive integer');
  expectNumber('patienceMs', patienceMs, patienceMs >= 0, 'a number from 0 up');
  // Patience counts from the start of a batch, and the pool does not say when that is. So it is handed no more batches than
  // it has threads: each of them starts at once.
  const turns = turnsFor(threads);
  const underWay = new Set<AbortController>();

  return {
    async run(batch, { signal: outer } = {}) {
      await turns.take();
      const startMs = performance.timeOrigin + performance.now();
      const stop = new AbortController();
      underWay.add(stop);
      const leave = () => stop.abort(outer?.reason);
      outer?.addEventListener('abort', leave);
      const hang = () => stop.abort(new Error(`the thread gave no answer for ${patienceMs} ms`));
      const timer = setTimeout(hang, timerLength(patienceMs * batch.length));
      try {
        outer?.throwIfAborted(); // perhaps while it waited for its turn
        return await pool.run(batch, { signal: stop.signal });
      } catch (reason) {
        outer?.throwIfAborted();
        const why: unknown = stop.signal.aborted ? stop.signal.reason : reason;
        return batch.map((input) => lost(input, startMs, why));
      } finally {
        clearTimeout(timer);
        underWay.delete(stop);
        outer?.removeEventListener('abort', leave);
        turns.giveBack();
      }
    },
    giveUp(reason) {
      for (const stop of underWay) stop.abort(reason);
    },
  };
}

/** A semaphore: at most `count` turns are taken at any time, and who came first is next. */
function turnsFor(count: number) {
  let free = count;
  /** A Set, because `shift()` is slow on an array with a million entries. */
  const waiting = new Set<() => void>();
  return {
    async take(): Promise<void> {
      if (free > 0) {
        free--;
        return;
      }
      const turn = Promise.withResolvers<void>();
      waiting.add(turn.resolve);
      await turn.promise;
    },
    giveBack(): void {
      const [next] = waiting;
      if (!next) {
        free++;
        return;
      }
      waiting.delete(next);
      next(); // the turn goes straight to them, and is never free
    },
  };
}

function expectNumber(name: string, value: unknown, isFine: boolean, expected: string): void {
  if (!isFine) throw new TypeError(`${name}: expected ${expected}, got ${inspect(value)}`);
}
