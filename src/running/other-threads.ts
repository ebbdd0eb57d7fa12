// Opens a job in other threads than the caller's: in a helper that the caller sleeps for, or in a pool.
import { blocking } from '../approaches/blocking.ts';
import { surviving } from './surviving.ts';
import { synchronously } from './synchronously.ts';
import { batchSizeFor, workerThreads, type ThreadPool } from '../approaches/worker-threads.ts';
import type { ReadyApproach, RunSize, WaitingWork, Work } from './work.ts';

/** A thread that needs more than so much heap ends alone, and does not take the process with it. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256 };

/** A helper thread for `blocking`: this thread stands still until it answers. */
export function openHelper<Output>(work: WaitingWork<Output>): ReadyApproach<Output> {
  const helper = synchronously<number[], unknown>(work.worker, {
    workerData: work.workerData,
    timeoutMs: work.patienceMs,
    resourceLimits: THREAD_LIMITS,
  });
  const call = (input: number): Output => {
    const startMs = performance.timeOrigin + performance.now();
    try {
      return work.outcomes(helper.call([input]))[0]!;
    } catch (reason) {
      return work.lost(input, startMs, reason);
    }
  };
  return {
    run: async (inputs, signal) => blocking(inputs, call, { signal }),
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}

/** Threads for `worker-threads`, all of them started at once. */
export async function openThreads<Output>(
  work: Work<Output>,
  { requests, threads }: RunSize,
): Promise<ReadyApproach<Output>> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina<number[], unknown>({
    filename: work.worker.href,
    workerData: work.workerData,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    // By default a thread without a task sleeps in Atomics.wait. Between two requests that would freeze its event
    // loop: a connection given up would stay open, and the API would count it as in flight for ever.
    atomics: work.kind === 'io' ? 'disabled' : 'sync',
    resourceLimits: THREAD_LIMITS,
  });
  // What dies here had no input to answer for: an idle thread, or one given up as hanging that then runs out of
  // memory. It is replaced; without a listener its error would end the process.
  pool.on('error', () => {});
  const batchSize = work.kind === 'io' ? 1 : batchSizeFor({ costMs: work.costMs, count: requests, threads });
  const asking: ThreadPool<number, Output> = {
    run: async (batch, options) => work.outcomes(await pool.run(batch, options)),
  };
  return {
    run: (inputs, signal) =>
      workerThreads(inputs, surviving(asking, { ...work, threads }), { batchSize, signal }),
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}
