// A Worker as browsers, Deno and Bun have it. Node has one of its own, which does the same under other names.
import { parentPort, Worker as NodeWorker } from 'node:worker_threads';

/** A thread that answers each message. */
export interface AnsweringThread {
  send(message: unknown): void;
}

export interface Hears {
  answer(message: unknown): void;
  error(error: Error): void;
}

interface MessageOfWeb {
  readonly data: unknown;
}

/** What the Web's Worker offers, inside and outside. */
interface EndOfWeb {
  addEventListener(what: 'message', listener: (event: MessageOfWeb) => void): void;
  addEventListener(what: 'error', listener: (event: { readonly message: string }) => void): void;
  postMessage(message: unknown, transfer: readonly object[]): void;
}

/** What a runtime with the Web's Worker has in its global scope. Node has neither. */
const web = globalThis as unknown as {
  readonly Worker?: new (url: string, options: { readonly type: 'module' }) => EndOfWeb;
  /** Inside a Worker: itself. */
  readonly self?: EndOfWeb;
};

/** Starts `module`, which calls `answerMessages`, in a thread of its own. */
export function startThread(module: URL, hears: Hears): AnsweringThread {
  if (web.Worker) {
    const worker = new web.Worker(module.href, { type: 'module' });
    worker.addEventListener('message', ({ data }) => hears.answer(data));
    worker.addEventListener('error', ({ message }) => hears.error(new Error(message)));
    return { send: (message) => worker.postMessage(message, []) };
  }
  const worker = new NodeWorker(module);
  worker.on('message', (data: unknown) => hears.answer(data));
  worker.on('error', (error) => hears.error(error as Error));
  return { send: (message) => worker.postMessage(message, []) };
}

/** In a thread: answers each message with what `answer` makes of it. */
export function answerMessages(answer: (message: unknown) => unknown): void {
  if (parentPort) {
    const port = parentPort;
    port.on('message', (message: unknown) => port.postMessage(answer(message)));
    return;
  }
  const self = web.self!;
  self.addEventListener('message', ({ data }) => self.postMessage(answer(data), []));
}
