// All threads of a process that we look at: the main thread, and with `--threads` the worker threads too.
import { followWorkers, InspectorError, type Session } from './inspector.ts';
import { Observer, type Look, type LookOptions } from './look.ts';
import { mayPause, type AwaitingOptions } from './options.ts';

export interface Thread {
  /** Of a worker thread its `threadId`; 0 is the main thread. */
  readonly id: number;
  readonly name: string;
  readonly url: string;
}

/** If one thread cannot be looked at, the others are still shown. */
export type ThreadLook = { readonly thread: Thread } & (Look | { readonly trouble: string });

export interface Threads extends AsyncDisposable {
  /** @throws {InspectorError} if the main thread cannot be looked at */
  readonly look: (signal: AbortSignal) => Promise<ThreadLook[]>;
}

const MAIN: Thread = { id: 0, name: 'main', url: '' };

/** `standsStill`: the main thread does nothing but answer. */
export async function followThreads(
  session: Session,
  options: AwaitingOptions,
  standsStill = false,
  answerMs?: number,
): Promise<Threads> {
  const main = new Observer(session, standsStill, answerMs);
  const observers = new Map<Session, Observer>();
  const workers = options.threads ? await followWorkers(session) : () => [];
  return {
    async look(signal) {
      const lookOptions: LookOptions = {
        all: options.all ?? false,
        locals: options.locals ?? false,
        signal,
        mayPause: (bytes) => mayPause(bytes, options, signal),
      };
      const looks: ThreadLook[] = [{ thread: MAIN, ...(await main.look(lookOptions)) }];
      for (const worker of workers()) {
        const observer = observers.get(worker.session) ?? new Observer(worker.session);
        observers.set(worker.session, observer);
        const { id, name, url } = worker;
        looks.push({ thread: { id, name, url }, ...(await lookOrTrouble(observer, lookOptions)) });
      }
      return looks;
    },
    async [Symbol.asyncDispose]() {
      for (const observer of [main, ...observers.values()]) await observer[Symbol.asyncDispose]();
    },
  };
}

async function lookOrTrouble(observer: Observer, options: LookOptions): Promise<Look | { trouble: string }> {
  try {
    return await observer.look(options);
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof InspectorError)) throw error;
    return { trouble: error.message };
  }
}
