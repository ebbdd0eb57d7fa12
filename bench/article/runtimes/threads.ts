// A small pool of Workers for src/approaches/worker-threads.ts, without a package. A free thread gets the batch that has waited
// longest.
import type { ThreadPool } from '../../../src/approaches/worker-threads.ts';
import { startThread, type AnsweringThread } from './web-worker.ts';

interface Batch<Input, Output> {
  readonly inputs: Input[];
  readonly signal: AbortSignal;
  readonly resolve: (results: Output[]) => void;
  readonly reject: (reason: unknown) => void;
}

export class Threads<Input, Output> implements ThreadPool<Input, Output> {
  readonly #free: Array<(batch: Batch<Input, Output>) => void>;
  readonly #waiting: Array<Batch<Input, Output>> = [];

  /** `module` answers an array of inputs with an array of results. */
  constructor(module: URL, count: number) {
    this.#free = Array.from({ length: count }, () => this.#start(module));
  }

  run(inputs: Input[], { signal }: { readonly signal: AbortSignal }): Promise<Output[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Output[]>();
    // A thread that has thrown is gone, and a batch might wait for it for ever.
    signal.addEventListener('abort', () => reject(signal.reason));
    this.#waiting.push({ inputs, signal, resolve, reject });
    this.#handOut();
    return promise;
  }

  #handOut(): void {
    while (this.#free.length > 0 && this.#waiting.length > 0) {
      const next = this.#waiting.shift()!;
      if (!next.signal.aborted) this.#free.pop()!(next);
    }
  }

  /** Starts a thread, and returns a function that hands it a batch. */
  #start(module: URL): (batch: Batch<Input, Output>) => void {
    let current: Batch<Input, Output> | undefined;
    const hand = (batch: Batch<Input, Output>) => {
      current = batch;
      thread.send(batch.inputs);
    };
    const thread: AnsweringThread = startThread(module, {
      answer: (results) => {
        current!.resolve(results as Output[]);
        this.#free.push(hand);
        this.#handOut();
      },
      error: (error) => current?.reject(error),
    });
    return hand;
  }
}
