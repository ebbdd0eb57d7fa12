// A synchronous call of something asynchronous. Node has no synchronous HTTP. What is used in its place, here and elsewhere,
// is a helper thread that makes the request while the calling thread sleeps in Atomics.wait.
import { inspect } from 'node:util';
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
  type WorkerOptions,
} from 'node:worker_threads';

export interface SynchronousCall<Input, Output> extends AsyncDisposable {
  /** Resolves once the helper has loaded the worker, or has ended. Rejects with the reason if it cannot be loaded. */
  readonly loaded: Promise<void>;
  /** @throws what the worker's function threw; an Error when it did not answer in time */
  readonly call: (input: Input) => Output;
}

interface SynchronousOptions extends Pick<WorkerOptions, 'workerData' | 'resourceLimits'> {
  /** How long a call waits for its answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Stands for the number of answers, once the helper's thread has ended. */
const ENDED = -1;

/** The helper does nothing for such a message. */
const ARE_YOU_THERE = {};
/** A sleeping caller checks this often whether its helper still lives, in milliseconds. */
const LOOK_EVERY_MS = 100;

interface Failure {
  readonly error: unknown;
}

type Reply<Output> = { readonly value: Output } | Failure;

/**
 * Makes the default export of `worker`, an async function, callable as if it were synchronous. If the helper's thread ends
 * during a call, that call fails, and the next one gets a new thread.
 * @throws {TypeError} if `timeoutMs` is no number from 0 up
 */
export function synchronously<Input, Output>(
  worker: URL,
  { timeoutMs = 60_000, ...options }: SynchronousOptions = {},
): SynchronousCall<Input, Output> {
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw new TypeError(`timeoutMs: expected a number from 0 up, got ${inspect(timeoutMs)}`);
  }
  let helper = startHelper(worker, options);
  return {
    loaded: helper.loaded,
    call(input) {
      /** The number of answers before this call. Once it is another number, the helper has answered or ended. */
      let seen = Atomics.load(helper.answers, 0);
      if (seen === ENDED) {
        // The thread ended after its last answer. It would never wake us.
        helper = startHelper(worker, options);
        seen = 0;
      }
      const { thread, port } = helper;
      port.postMessage({ input });
      let reply: Reply<Output>;
      try {
        reply = replyOf<Output>(helper, seen, timeoutMs);
      } catch (error) {
        void thread.terminate();
        helper = startHelper(worker, options);
        throw error;
      }
      if ('error' in reply) throw reply.error;
      return reply.value;
    },
    async [Symbol.asyncDispose]() {
      await helper.thread.terminate();
    },
  };
}

/**
 * Sleeps until the helper has answered. A helper that exits wakes us as well (its 'exit' listener does it). One that runs out
 * of memory cannot, so we look now and then whether it is still there.
 * @throws {Error} if it ended, or did not answer in time
 */
function replyOf<Output>({ port, answers }: Helper, seen: number, timeoutMs: number): Reply<Output> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const leftMs = endMs - performance.now();
    const isAwake = Atomics.wait(answers, 0, seen, Math.min(leftMs, LOOK_EVERY_MS)) !== 'timed-out';
    const reply = receiveMessageOnPort(port)?.message as Reply<Output> | undefined;
    if (reply) return reply;
    if (isAwake || isClosed(port)) throw new Error('the helper thread ended');
    if (leftMs <= LOOK_EVERY_MS) throw new Error(`the helper thread gave no answer for ${timeoutMs} ms`);
  }
}

/**
 * Whether the thread at the other end is gone. Node reports this by an event, but a sleeping thread handles no events. So we
 * look at what `postMessage` returns: true while the port is open, undefined when it is closing.
 */
const isClosed = (port: MessagePort): boolean => (port.postMessage(ARE_YOU_THERE) as unknown) !== true;

type Helper = ReturnType<typeof startHelper>;

function startHelper(worker: URL, options: WorkerOptions) {
  const answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { port1: port, port2: theirs } = new MessageChannel();
  const thread = new Worker(new URL('./synchronously-helper.ts', import.meta.url), options);
  const { promise: loaded, resolve, reject } = Promise.withResolvers<void>();
  loaded.catch(() => {}); // nobody has to wait for it: each call fails as well, and says why
  thread.once('message', (failure?: Failure) => (failure ? reject(failure.error) : resolve()));
  thread.once('exit', () => resolve());
  thread.on('error', reject); // once it is loaded, this does nothing: the call that gets no answer reports the end
  thread.postMessage({ module: worker.href, port: theirs, answers, ended: ENDED }, [theirs]);
  return { thread, port, answers, loaded };
}
