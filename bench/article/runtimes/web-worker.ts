// A Worker as browsers, Deno and Bun have it. Node's own does the same under other names, and here it gets these.
import { parentPort, Worker as NodeWorker } from 'node:worker_threads';

/** The part of the Web's Worker that is used here. */
export interface WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** What a runtime of the Web has beside what Node has. */
const web = globalThis as unknown as {
  readonly Worker?: new (url: string, options: { readonly type: 'module' }) => WebWorker;
  readonly self?: Pick<WebWorker, 'onmessage' | 'postMessage'>;
};

/** Starts `module`, which calls `answerMessages`, in a thread of its own. */
export function startWorker(module: URL): WebWorker {
  if (web.Worker) return new web.Worker(module.href, { type: 'module' });
  const worker = new NodeWorker(module);
  const named: WebWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
  };
  worker.on('message', (data: unknown) => named.onmessage?.({ data }));
  worker.on('error', (error) => named.onerror?.({ message: String(error) }));
  return named;
}

/** In a worker: answers each message with what `answer` makes of it. */
export function answerMessages<Message, Answer>(answer: (message: Message) => Answer): void {
  if (parentPort) {
    const port = parentPort;
    port.on('message', (message: Message) => port.postMessage(answer(message)));
    return;
  }
  const self = web.self!;
  self.onmessage = ({ data }) => self.postMessage(answer(data as Message));
}
