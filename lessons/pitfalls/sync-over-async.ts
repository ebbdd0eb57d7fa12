// Mixing synchronous and asynchronous code: a function that waits for a promise without await. To arrive, the answer
// needs this thread; and this thread sleeps until the answer has arrived. That is the deadlock.
//
// The cook is a thread of his own, and he does answer. His answer lies in the mailbox of the Worker, which only the
// event loop opens, and that never turns again. (A MessagePort of one's own can be read without it, as
// src/running/synchronously.ts does; a promise cannot.) A time limit does not help: the mailbox is opened after it.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';

const ANSWERED = 'the cook has answered';

export const about: About<Ended> = {
  title: 'Wait synchronously for your own promise',
  symptom:
    'The answer is there and is never read: the process hangs, silent and idle, until somebody kills it.',
  remedy:
    'Stay asynchronous all the way up to the entry point; where a lock must be waited for: Atomics.waitAsync.',
  foundBy: [],
  article: 'Pitfalls 3, "Mixing synchronous and asynchronous code"',
  shows: {
    wrong: { printed: ['the waiter calls the cook', ANSWERED], exitCode: 'killed', complaint: '' },
    right: {
      printed: ['the waiter calls the cook', ANSWERED, 'the waiter serves lentil soup'],
      exitCode: 0,
      complaint: '',
    },
  },
};

export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong', killAfter: ANSWERED }, () => {
    const answered = new Int32Array(new SharedArrayBuffer(4));
    let dish = 'nothing';
    const takeDish = async () => {
      dish = await callCook();
      Atomics.store(answered, 0, 1);
      Atomics.notify(answered, 0);
    };
    void takeDish();
    Atomics.wait(answered, 0, 0); // only the lines above could end this, and they need this thread
    print(`the waiter serves ${dish}`);
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    const dish = await callCook();
    print(`the waiter serves ${dish}`);
  });
}

async function callCook(): Promise<string> {
  print('the waiter calls the cook');
  const cook = new Worker(new URL(import.meta.url));
  const [[dish]] = await Promise.all([once(cook, 'message'), once(cook, 'exit')]);
  return String(dish);
}

// Not console.log, which in a worker thread is a message to the main thread too, and would wait there like the answer.
function print(line: unknown): void {
  writeSync(1, `${String(line)}\n`);
}

if (!isMainThread) {
  parentPort!.postMessage('lentil soup');
  print(ANSWERED);
}
