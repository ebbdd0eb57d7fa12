// Thread libraries behind one signature. All threads start at once, none of them ends, and each has one task at a time.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export interface Threads extends AsyncDisposable {
  /** Runs so many rounds of price-order in some thread. Resolves with that thread's id. */
  run(rounds: number): Promise<number>;
}

export type LibraryName = keyof typeof LIBRARIES;

const PRICE_WORKER = import.meta.resolve('./price-worker.ts');

export const LIBRARIES = {
  /** What Node itself offers: a message there, a message back, and the threads in turn. Do not use it as a pool. */
  'raw worker_threads': async (threads: number): Promise<Threads> => {
    const workers = Array.from(
      { length: threads },
      () => new Worker(new URL('./price-raw-worker.ts', import.meta.url)),
    );
    const asked = workers.map((): Array<(thread: number) => void> => []);
    for (const [index, worker] of workers.entries()) {
      worker.on('message', (thread: number) => asked[index]!.shift()!(thread));
    }
    let next = 0;
    return {
      run(rounds) {
        const index = next++ % threads;
        const { promise, resolve } = Promise.withResolvers<number>();
        asked[index]!.push(resolve);
        workers[index]!.postMessage(rounds, []);
        return promise;
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(workers.map((worker) => worker.terminate()));
      },
    };
  },
  piscina: async (threads: number): Promise<Threads> => {
    const { Piscina } = await import('piscina');
    const pool = new Piscina<number, number>({
      filename: PRICE_WORKER,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
    });
    return { run: (rounds) => pool.run(rounds), [Symbol.asyncDispose]: () => pool.destroy() };
  },
  tinypool: async (threads: number): Promise<Threads> => {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({ filename: PRICE_WORKER, minThreads: threads, maxThreads: threads });
    return {
      run: (rounds) => pool.run(rounds) as Promise<number>,
      [Symbol.asyncDispose]: () => pool.destroy(),
    };
  },
  workerpool: async (threads: number): Promise<Threads> => {
    const { default: workerpool } = await import('workerpool');
    const script = fileURLToPath(new URL('./price-workerpool-worker.ts', import.meta.url));
    const pool = workerpool.pool(script, {
      workerType: 'thread',
      minWorkers: threads,
      maxWorkers: threads,
    });
    return {
      run: async (rounds) => (await pool.exec('price', [rounds])) as number,
      async [Symbol.asyncDispose]() {
        await pool.terminate();
      },
    };
  },
} satisfies Record<string, (threads: number) => Promise<Threads>>;

/** Asks until every thread has answered: only then have all of them started. */
export async function untilAllAnswered(pool: Threads, threads: number): Promise<void> {
  const answered = new Set<number>();
  while (answered.size < threads) {
    for (const thread of await Promise.all(Array.from({ length: threads }, () => pool.run(0))))
      answered.add(thread);
  }
}

/** A bare thread of `module`, ready for messages. */
export async function bareThread(module: URL): Promise<Worker & Disposable> {
  const worker = new Worker(module);
  await once(worker, 'online');
  return Object.assign(worker, { [Symbol.dispose]: () => void worker.terminate() });
}
