// Workers of our own, kept at work: one that is killed is replaced, and what it had in hand is done again by another. One
// that cannot use the database is not: the next one could not either.
import { QueueFailure } from './failure.ts';
import { startWorker, type WorkerProcess, type StartWorker } from './start-worker.ts';

export interface KeptWorkers extends StartWorker {
  /** Is told why there can be no more workers. */
  readonly onFailure: (error: unknown) => void;
  /** Is told, in one line, of the end of another. */
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
    // It may have said so and not have left.
    await worker[Symbol.asyncDispose]();
    living.delete(worker);
    if (options.signal.aborted) return;
    if (error instanceof QueueFailure) {
      onFailure(error);
      return;
    }
    onTrouble(`a worker has ended, another takes its place (${error.message})`);
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
