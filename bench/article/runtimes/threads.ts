// A small pool of Workers: what src/approaches/worker-threads.ts wants to be handed, without a package. A free worker gets the
// batch that has waited longest.
import type { ThreadPool } from '../../../src/approaches/worker-threads.ts';
import { startWorker, type WebWorker } from './web-worker.ts';

interface Waiting<Input, Output> {
  readonly batch: Input[];
  readonly signal: AbortSignal;
  readonly resolve: (results: Output[]) => void;
  readonly reject: (reason: unknown) => void;
}

export class Threads<Input, Output> implements ThreadPool<Input, Output> {
  readonly #free: WebWorker[];
  readonly #waiting: Array<Waiting<Input, Output>> = [];

  /** `module` answers an array of inputs with an array of results. */
  constructor(module: URL, count: number) {
    this.#free = Array.from({ length: count }, () => startWorker(module));
  }

  run(batch: Input[], { signal }: { readonly signal: AbortSignal }): Promise<Output[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Output[]>();
    // Also one that waits for a worker that will never be free: a worker that has thrown is gone.
    signal.addEventListener('abort', () => reject(signal.reason));
    this.#waiting.push({ batch, signal, resolve, reject });
    this.#handOut();
    return promise;
  }

  #handOut(): void {
    while (this.#free.length > 0 && this.#waiting.length > 0) {
      const next = this.#waiting.shift()!;
      if (!next.signal.aborted) this.#hand(next, this.#free.pop()!);
    }
  }

  #hand({ batch, resolve, reject }: Waiting<Input, Output>, worker: WebWorker): void {
    worker.onmessage = ({ data }) => {
      this.#free.push(worker);
      resolve(data as Output[]);
      this.#handOut();
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(batch);
  }
}
