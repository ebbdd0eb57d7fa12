// Keeps a number of worker processes running. If one is killed, another one replaces it, and the jobs that it had are done
// again. A worker that cannot use the database is not replaced, because the next one could not use it either.
import { QueueFailure } from './failure.ts';
import { startWorker, type WorkerProcess, type StartWorker } from './start-worker.ts';

export interface KeptWorkers extends StartWorker {
  /** Is called with the reason if there can be no more workers. */
  readonly onFailure: (error: unknown) => void;
  /** Is called with one line when a worker has ended and is replaced. */
  readonly onTrouble: (line: string) => void;
}

/** Resolves when `count` workers are ready. @throws {ChildError} {QueueFailure} if one of them cannot begin */
export async function keepWorkers(count: number, options: KeptWorkers): Promise<AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const { onFailure, onTrouble } = options;
  const living = new Set<WorkerProcess>();
  let isOver = false;
  resources.defer(async () => {
    isOver = true;
    await Promise.all([...living].map((worker) => worker[Symbol.asyncDispose]()));
  });

  async function replaceAtItsEnd(worker: WorkerProcess): Promise<void> {
    const error = await worker.ended;
    if (isOver) return;
    // It may have reported its end, and still run.
    await worker[Symbol.asyncDispose]();
    living.delete(worker);
    if (options.signal.aborted) return;
    if (error instanceof QueueFailure) {
      onFailure(error);
      return;
    }
    onTrouble(`a worker has ended (${error.message}); another one takes its place`);
    try {
      await begin();
    } catch (failure) {
      if (!isOver) onFailure(failure);
    }
  }

  async function begin(): Promise<void> {
    const worker = await startWorker(options);
    if (isOver) {
      await worker[Symbol.asyncDispose]();
      return;
    }
    living.add(worker);
    void replaceAtItsEnd(worker);
  }

  await Promise.all(Array.from({ length: count }, begin));
  const owned = resources.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
