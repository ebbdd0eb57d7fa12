// Starts a Worker in any runtime. Browsers, Deno and Bun have the Web's Worker. Node's own Worker does the same by other names.
import { parentPort, Worker as NodeWorker } from 'node:worker_threads';

/** A thread that answers each message. */
export interface AnsweringThread {
  send(message: unknown): void;
}

export interface ThreadListener {
  answer(message: unknown): void;
  error(error: Error): void;
}

interface WebMessage {
  readonly data: unknown;
}

/** One end of a Web's Worker: the Worker object outside, and `self` inside. */
interface WebWorkerEnd {
  addEventListener(what: 'message', listener: (event: WebMessage) => void): void;
  addEventListener(what: 'error', listener: (event: { readonly message: string }) => void): void;
  postMessage(message: unknown, transfer: readonly object[]): void;
}

/** What a runtime with the Web's Worker has in its global scope. Node has neither. */
const web = globalThis as unknown as {
  readonly Worker?: new (url: string, options: { readonly type: 'module' }) => WebWorkerEnd;
  /** Inside a Worker: itself. */
  readonly self?: WebWorkerEnd;
};

/** Starts `module`, which calls `answerMessages`, in a thread of its own. */
export function startThread(module: URL, listener: ThreadListener): AnsweringThread {
  if (web.Worker) {
    const worker = new web.Worker(module.href, { type: 'module' });
    worker.addEventListener('message', ({ data }) => listener.answer(data));
    worker.addEventListener('error', ({ message }) => listener.error(new Error(message)));
    return { send: (message) => worker.postMessage(message, []) };
  }
  const worker = new NodeWorker(module);
  worker.on('message', (data: unknown) => listener.answer(data));
  worker.on('error', (error) => listener.error(error as Error));
  return { send: (message) => worker.postMessage(message, []) };
}

/** In a thread: sends back what `answer` returns for each message. */
export function answerMessages(answer: (message: unknown) => unknown): void {
  if (parentPort) {
    const port = parentPort;
    port.on('message', (message: unknown) => port.postMessage(answer(message)));
    return;
  }
  const self = web.self!;
  self.addEventListener('message', ({ data }) => self.postMessage(answer(data), []));
}
