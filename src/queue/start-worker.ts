// Starts a worker in a process of its own, which ends with this one.
import { startChild, type ChildError } from '../child.ts';
import { QueueFailure } from './failure.ts';
import type { WorkerOptions } from './worker.ts';

/** What the process is told when it starts. The password is in it, and so in no argument and no variable. */
export type WorkerSettings = Pick<WorkerOptions, 'database' | 'queue' | 'concurrency' | 'superviseSeconds'>;

/** What it says. */
export type WorkerMessage =
  | { readonly isReady: true }
  /** In one line: why it cannot begin, or cannot go on. */
  | { readonly failed: string }
  | { readonly trouble: string };

export interface StartWorker {
  readonly settings: WorkerSettings;
  readonly signal: AbortSignal;
  /** Is told, in one line, what goes wrong and may pass. */
  readonly onTrouble: (line: string) => void;
}

export interface WorkerProcess extends AsyncDisposable {
  /** Resolves with the reason when the worker has ended by itself, or was killed. */
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
