// Starts a worker in a process of its own. That process ends when this one ends.
import { startChild, type ChildError } from '../child.ts';
import { QueueFailure } from './failure.ts';
import type { WorkerOptions } from './worker.ts';

/** The settings of the process. They hold the password, so it is in no argument and in no environment variable. */
export type WorkerSettings = Pick<WorkerOptions, 'database' | 'queue' | 'concurrency' | 'superviseSeconds'>;

/** The messages of the process. */
export type WorkerMessage =
  | { readonly isReady: true }
  /** One line: why it cannot begin, or cannot go on. */
  | { readonly failed: string }
  | { readonly trouble: string };

export interface StartWorker {
  readonly settings: WorkerSettings;
  readonly signal: AbortSignal;
  /** Is called with one line about a problem that may pass. */
  readonly onTrouble: (line: string) => void;
}

export interface WorkerProcess extends AsyncDisposable {
  /** Resolves with the reason when the worker has ended by itself, or when it was killed. */
  readonly ended: Promise<Error>;
}

/**
 * Resolves when the worker takes jobs.
 * @throws {QueueFailure} if it cannot use the database; {ChildError} if its process ends; the signal's reason
 */
export async function startWorker({ settings, signal, onTrouble }: StartWorker): Promise<WorkerProcess> {
  await using resources = new AsyncDisposableStack();
  const child = resources.use(
    startChild(new URL('./worker-process.ts', import.meta.url), settings, {
      signal,
      onMessage(message) {
        const { trouble } = message as { readonly trouble?: string };
        if (trouble !== undefined) onTrouble(trouble);
        return trouble !== undefined;
      },
    }),
  );
  const refuseFailure = (message: WorkerMessage) => {
    if ('failed' in message) throw new QueueFailure(message.failed);
  };
  refuseFailure(await child.receive<WorkerMessage>());
  const ended = child
    .receive<WorkerMessage>()
    .then(refuseFailure)
    .then(
      () => new Error('it ended'),
      (error: ChildError | QueueFailure) => error,
    );
  const owned = resources.move();
  return { ended, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
