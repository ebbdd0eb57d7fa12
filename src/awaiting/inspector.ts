// One conversation with an inspector: commands with their answers, and events. A message for a worker thread travels
// inside a message of the main thread's conversation.

export interface Session {
  /** @throws {InspectorError} if the target refuses, ends, or does not answer in time */
  post<Result = object>(
    method: string,
    params?: object,
    options?: { readonly withinMs?: number },
  ): Promise<Result>;
  on(method: string, listener: (params: never) => void): void;
}

/** The inspector refused, did not answer, or went away. */
export class InspectorError extends Error {
  override readonly name = 'InspectorError';
  /** Nothing can be asked any more: the conversation is over. */
  readonly isEnd: boolean;

  constructor(message: string, isEnd = false) {
    super(message);
    this.isEnd = isEnd;
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The part that all kinds of conversation share; `send` puts a text on its way. */
export class Conversation implements Session {
  readonly #send: (text: string) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #listeners = new Map<string, ((params: never) => void)[]>();
  #lastId = 0;
  #ended: InspectorError | undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  async post<Result = object>(
    method: string,
    params: object = {},
    options: { readonly withinMs?: number } = {},
  ): Promise<Result> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#send(JSON.stringify({ id, method, params }));
    const { withinMs } = options;
    let timer: NodeJS.Timeout | undefined;
    if (withinMs !== undefined) {
      const late = new InspectorError(`no answer to ${method} within ${withinMs} ms`);
      timer = setTimeout(() => answer.reject(late), withinMs);
    }
    try {
      return (await answer.promise) as Result;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  on(method: string, listener: (params: never) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener]);
  }

  receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.method !== undefined) this.emit(message.method, message.params);
    const answer = message.id === undefined ? undefined : this.#waiting.get(message.id);
    if (message.error) answer?.reject(new InspectorError(message.error.message));
    else answer?.resolve(message.result);
  }

  emit(method: string, params: unknown): void {
    for (const listener of this.#listeners.get(method) ?? []) listener(params as never);
  }

  end(reason: string): void {
    this.#ended ??= new InspectorError(reason, true);
    for (const answer of this.#waiting.values()) answer.reject(this.#ended);
  }
}

export interface Connection extends Session, AsyncDisposable {
  /** Settles when the conversation is over, whoever ended it. */
  readonly closed: Promise<void>;
  /** Ends the conversation at once. Commands without an answer fail with the reason. */
  readonly leave: (reason: string) => void;
}

/** @throws {InspectorError} if nobody answers there */
export async function connect(url: string): Promise<Connection> {
  const socket = new WebSocket(url);
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const conversation = new Conversation((text) => socket.send(text));
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('error', () => opened.reject(new InspectorError(`no inspector answers at ${url}`)));
  socket.addEventListener('message', ({ data }) => conversation.receive(data as string));
  socket.addEventListener('close', () => {
    conversation.end('the process ended, or closed its inspector, before it had answered');
    closed.resolve();
  });
  await opened.promise;
  return {
    post: (...args) => conversation.post(...args),
    on: (...args) => conversation.on(...args),
    closed: closed.promise,
    leave(reason) {
      conversation.end(reason);
      socket.close();
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}

export interface WorkerThread {
  /** Its `threadId`. */
  readonly id: number;
  /** The name that the program gave it, or ''. */
  readonly name: string;
  readonly url: string;
  readonly session: Session;
}

interface WorkerInfo {
  readonly workerId: string;
  readonly title: string;
  readonly url: string;
}

/** Follows the worker threads of a process. What comes back tells those that live, in the order of their ids. */
export async function followWorkers(main: Session): Promise<() => readonly WorkerThread[]> {
  const living = new Map<string, { readonly thread: WorkerThread; readonly conversation: Conversation }>();
  main.on(
    'NodeWorker.attachedToWorker',
    ({ sessionId, workerInfo }: { readonly sessionId: string; readonly workerInfo: WorkerInfo }) => {
      const conversation = new Conversation(
        (message) => void main.post('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => {}),
      );
      const thread = { ...threadNamed(workerInfo), url: workerInfo.url, session: conversation };
      living.set(sessionId, { thread, conversation });
    },
  );
  main.on(
    'NodeWorker.receivedMessageFromWorker',
    ({ sessionId, message }: { readonly sessionId: string; readonly message: string }) =>
      living.get(sessionId)?.conversation.receive(message),
  );
  main.on('NodeWorker.detachedFromWorker', ({ sessionId }: { readonly sessionId: string }) => {
    living.get(sessionId)?.conversation.end('the worker thread ended meanwhile');
    living.delete(sessionId);
  });
  await main.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return () => [...living.values()].map(({ thread }) => thread).toSorted((a, b) => a.id - b.id);
}

/** Node's title is `[worker 2] name`, or `Worker 2`. One without a name is called WorkerThread by some versions. */
function threadNamed({ workerId, title }: WorkerInfo): { id: number; name: string } {
  const [, id = workerId, name = ''] = /^\[?[Ww]orker (\d+)\]?\s*(.*)$/.exec(title) ?? [];
  return { id: Number(id), name: name === 'WorkerThread' ? '' : name };
}
