// The other side of `synchronously`: runs in the helper thread, answers one call at a time, and wakes the caller.
import { once } from 'node:events';
import { parentPort, type MessagePort } from 'node:worker_threads';

interface Introduction {
  readonly module: string;
  readonly port: MessagePort;
  /** One cell: how many answers there have been, or `ended`. */
  readonly answers: Int32Array<SharedArrayBuffer>;
  readonly ended: number;
}

const [{ module, port, answers, ended }] = (await once(parentPort!, 'message')) as [Introduction];
// If it fails, `loaded` of the caller rejects, and each call is answered with the error: none waits for ever.
const loading = import(module) as Promise<{ default: (input: unknown) => unknown }>;

async function answer(input: unknown): Promise<void> {
  let reply: { value: unknown } | { error: unknown };
  try {
    const { default: run } = await loading;
    reply = { value: await run(input) };
  } catch (error) {
    reply = { error };
  }
  port.postMessage(reply);
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
}

// A thread that exits in the middle of a call must wake its caller, and must not be given another call.
process.on('exit', () => {
  Atomics.store(answers, 0, ended);
  Atomics.notify(answers, 0);
});

port.on('message', (message: { readonly input?: unknown }) => {
  // One without an input asks only whether this thread is still there.
  if ('input' in message) void answer(message.input);
});

const failure = await loading.then(
  () => undefined,
  (error: unknown) => ({ error }),
);
parentPort!.postMessage(failure, []);
