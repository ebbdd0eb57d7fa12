// Sync over async: a synchronous function that waits for a promise. Only this thread can receive the answer, but it
// sleeps until it has the answer. Each waits for the other, for ever. That is a deadlock.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { pitfallInOwnProcess } from './frame/own-process.ts';

// It looks right because the cook has a thread of their own and does answer.
// A time limit does not help: the thread reads the answer only afterwards.
export function wrong(): void {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  let dish = 'nothing';
  const takeDish = async () => {
    dish = await callCook();
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  };
  void takeDish();
  Atomics.wait(answered, 0, 0); // sleeps until takeDish is done
  print(`the waiter serves ${dish}`);
}

// The waiter is asynchronous as well, so the thread is free for the answer.
export async function right(): Promise<void> {
  const dish = await callCook();
  print(`the waiter serves ${dish}`);
}

const ANSWERED = 'the cook has answered';

export const pitfall = pitfallInOwnProcess<() => unknown>({
  module: import.meta.url,
  about: {
    title: 'Wait synchronously for your own promise',
    symptom:
      'The answer has been sent and is never read. The process hangs without a message and without using the CPU, until somebody kills it. That is a deadlock: the thread waits for the answer, and the answer waits for the thread.',
    remedy:
      'Make every function up to the entry point asynchronous. If code must wait for a lock, use Atomics.waitAsync.',
    foundBy: ['awaiting does not answer'],
    article: 'Pitfalls 3, "Mixing synchronous and asynchronous code"',
    shows: {
      wrong: { printed: ['the waiter calls the cook', ANSWERED], exitCode: 'killed', stderr: '' },
      right: {
        printed: ['the waiter calls the cook', ANSWERED, 'the waiter serves lentil soup'],
        exitCode: 0,
        stderr: '',
      },
    },
  },
  wrong,
  right,
  scene: (version) => version(),
  wrongHangsAfter: ANSWERED,
});

/**
 * The answer lies in the mailbox of the Worker, and only the event loop opens that. (A MessagePort can be read without
 * the event loop, as src/running/synchronously.ts does. A promise cannot.)
 */
async function callCook(): Promise<string> {
  print('the waiter calls the cook');
  const cook = new Worker(new URL(import.meta.url));
  const [[dish]] = await Promise.all([once(cook, 'message'), once(cook, 'exit')]);
  return String(dish);
}

/** In a worker thread, console.log sends a message to the main thread. It would wait there, like the answer. */
function print(line: string): void {
  writeSync(1, `${line}\n`);
}

if (!isMainThread) {
  parentPort!.postMessage('lentil soup');
  print(ANSWERED);
}
