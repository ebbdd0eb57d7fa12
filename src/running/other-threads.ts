// Opens a job in other threads than the caller's: in a helper that the caller sleeps for, or in a pool.
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { blocking } from '../approaches/blocking.ts';
import { surviving } from './surviving.ts';
import { synchronously } from './synchronously.ts';
import { batchSizeFor, workerThreads, type ThreadPool } from '../approaches/worker-threads.ts';
import type { ReadyApproach, RunSize, WaitingWork, Work } from './work.ts';

/** A thread that needs more than so much heap ends alone, and does not take the process with it. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256 };

/**
 * Waits until a thread of a pool has loaded the work's module, or has ended. If it cannot load it, for instance because the
 * module throws, no later thread could, and each input would wait until its thread counts as hanging.
 * @throws the error that ended the thread
 */
async function expectToLoad(thread: Worker): Promise<void> {
  thread.ref(); // a pool's thread that has no task keeps no process alive
  // Piscina's threads send their first message when they have loaded the module.
  await Promise.race([once(thread, 'message'), once(thread, 'exit')]);
  thread.unref();
}

/**
 * A helper thread for `blocking`: this thread stands still until it answers.
 * @throws the error of a thread that cannot load the work
 */
export async function openHelper<Output>(work: WaitingWork<Output>): Promise<ReadyApproach<Output>> {
  const helper = synchronously<number[], unknown>(work.worker, {
    workerData: work.workerData,
    timeoutMs: work.patienceMs,
    resourceLimits: THREAD_LIMITS,
  });
  try {
    await helper.loaded;
  } catch (error) {
    await helper[Symbol.asyncDispose]();
    throw error;
  }
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

/**
 * Threads for `worker-threads`, all of them started at once.
 * @throws the error of a thread that cannot load the work
 */
export async function openThreads<Output>(
  work: Work<Output>,
  { requests, threads }: RunSize,
): Promise<ReadyApproach<Output>> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina<unknown, unknown>({
    filename: work.worker.href,
    workerData: work.workerData,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    // By default a thread without a task sleeps in Atomics.wait. Between two requests that would freeze its event
    // loop: a connection given up would stay open, and the API would count it as in flight for ever.
    atomics: work.kind === 'cpu' ? 'sync' : 'disabled',
    resourceLimits: THREAD_LIMITS,
  });
  const batchSize = work.kind === 'io' ? 1 : batchSizeFor({ costMs: work.costMs, count: requests, threads });
  const asking: ThreadPool<number, Output> = {
    run: async (batch, options) => {
      const message = work.kind === 'own' ? work.message(batch) : batch;
      return work.outcomes(await pool.run(message, options));
    },
  };
  const survivors = surviving(asking, { ...work, threads });
  // A thread that dies here owes no answer: it was idle, or it was given up as hanging, or it could not load. Piscina
  // replaces it, but none that could not load: then the batches would wait for a thread that never comes. Without a
  // listener the error would end the process.
  pool.on('error', (error: unknown) => {
    if (pool.threads.length === 0) survivors.giveUp(error);
  });
  try {
    // All of them, because each compiles the work for itself. One that came later would do so in the timed run.
    await Promise.all(pool.threads.map(expectToLoad));
  } catch (error) {
    await pool.destroy();
    throw error;
  }
  return {
    run: (inputs, signal) => workerThreads(inputs, survivors, { batchSize, signal }),
    async [Symbol.asyncDispose]() {
      if (work.kind === 'own') await work.endThreads(pool.threads.length);
      await pool.destroy();
    },
  };
}
