// A synchronous call of something asynchronous. Node has no synchronous HTTP. What is used in its place, here and elsewhere,
// is a helper thread that makes the request while the calling thread sleeps in Atomics.wait.
import { inspect } from 'node:util';
import { MessageChannel, receiveMessageOnPort, Worker, type WorkerOptions } from 'node:worker_threads';

export interface SynchronousCall<Input, Output> extends AsyncDisposable {
  /** @throws what the worker's function threw; an Error when it did not answer in time */
  readonly call: (input: Input) => Output;
}

interface SynchronousOptions extends Pick<WorkerOptions, 'workerData' | 'resourceLimits'> {
  /** How long a call waits for its answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Stands for the number of answers, once the helper's thread has ended. */
const ENDED = -1;

type Reply<Output> = { readonly value: Output } | { readonly error: unknown };

/**
 * Makes the default export of `worker`, an async function, callable as if it were synchronous. If the helper's thread ends
 * during a call, that call fails, and the next one gets a new thread.
 * @throws {TypeError} if `timeoutMs` is no number from 0 up
 */
export function synchronously<Input, Output>(
  worker: URL,
  { timeoutMs = 60_000, ...options }: SynchronousOptions = {},
): SynchronousCall<Input, Output> {
  if (!(timeoutMs >= 0)) {
    throw new TypeError(`timeoutMs: expected a number from 0 up, got ${inspect(timeoutMs)}`);
  }
  let helper = startHelper(worker, options);
  return {
    call(input) {
      /** The number of answers before this call. Once it is another number, the helper has answered or ended. */
      let seen = Atomics.load(helper.answers, 0);
      if (seen === ENDED) {
        // The thread ended after its last answer. It would never wake us.
        helper = startHelper(worker, options);
        seen = 0;
      }
      const { thread, port, answers } = helper;
      port.postMessage(input);
      // A helper that exits wakes us as well (see there). One that hangs or runs out of memory does not.
      const isAwake = Atomics.wait(answers, 0, seen, timeoutMs) !== 'timed-out';
      const reply = receiveMessageOnPort(port)?.message as Reply<Output> | undefined;
      if (!reply) {
        void thread.terminate();
        helper = startHelper(worker, options);
        throw new Error(
          isAwake ? 'the helper thread ended' : `the helper thread gave no answer for ${timeoutMs} ms`,
        );
      }
      if ('error' in reply) throw reply.error;
      return reply.value;
    },
    async [Symbol.asyncDispose]() {
      await helper.thread.terminate();
    },
  };
}

function startHelper(worker: URL, options: WorkerOptions) {
  const answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { port1: port, port2: theirs } = new MessageChannel();
  const thread = new Worker(new URL('./synchronously-helper.ts', import.meta.url), options);
  thread.on('error', () => {}); // reported by the call that it left without an answer
  thread.postMessage({ module: worker.href, port: theirs, answers, ended: ENDED }, [theirs]);
  return { thread, port, answers };
}
