// One thread runs all of your JavaScript, one callback at a time. The event loop decides which
// callback is next. It goes round through fixed phases: timers, then I/O (a file was read, a
// request arrived), then setImmediate, and again.
//
// Between any two callbacks Node empties two queues completely: first that of process.nextTick,
// then that of promises. Entries of the second are called microtasks. Every line below an `await`
// runs as one.
//
// Claim: inside an I/O callback its own code runs first, then nextTick, microtasks, setImmediate
// and timers, in whatever order they are written. And while a program makes 1,000 awaits of
// something that is ready, no timer runs: in between, the thread does not go back to the loop.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { play } from './stage.ts';

const PREDICTED = ['I/O callback', 'sync code', 'nextTick', 'microtask', 'setImmediate', 'timer'];
const AWAITS = 1000;

// The order is certain only if we know in which phase we start. A callback of readFile starts in
// the I/O phase, so setImmediate comes next and the timers after it. Directly in a module, the
// timer and setImmediate race each other (a race condition: the outcome depends on chance), and
// promises come before nextTick.
const fromIoCallback = (body: () => void): void => readFile(import.meta.filename, body);

export async function run({ start = fromIoCallback, rest = async () => {} } = {}): Promise<void> {
  // Five ways to say "later", written down from the last to the first.
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const happened: string[] = [];
  start(() => {
    happened.push('I/O callback');
    setTimeout(() => {
      happened.push('timer');
      resolve();
    }, 0);
    setImmediate(() => happened.push('setImmediate'));
    void Promise.resolve().then(() => happened.push('microtask'));
    process.nextTick(() => happened.push('nextTick'));
    happened.push('sync code');
  });
  await done;
  console.log('predicted       happened');
  for (const [index, name] of happened.entries()) console.log(`${PREDICTED[index]!.padEnd(14)}  ${name}`);
  assert.deepEqual(happened, PREDICTED, 'callbacks run in the order that was predicted');

  // This timer is due after a millisecond, and we keep the thread busy for two. It is late before
  // the first await.
  let timerTurns = 0;
  setTimeout(() => timerTurns++, 1);
  const due = performance.now() + 2;
  while (performance.now() < due);
  // Each await here is of an async function that has nothing to wait for. It continues as a
  // microtask, before the loop can go to its timers.
  for (let count = 0; count < AWAITS; count++) await rest();
  const duringAwaits = timerTurns;

  // Waiting for setImmediate means one turn of the loop. Two turns, because the first can end
  // before the timers.
  for (let turn = 0; turn < 2; turn++) await nextTurn();
  console.log(`\ntimers that ran during ${AWAITS} awaits: ${duringAwaits}`);
  console.log(`timers that ran after 2 turns of the loop: ${timerTurns}`);
  assert.equal(duringAwaits, 0, 'timers that run during the awaits');
  assert.equal(timerTurns, 1, 'timers that run in two turns of the loop');
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// predicted       happened
// I/O callback    I/O callback
// sync code       sync code
// nextTick        nextTick
// microtask       microtask
// setImmediate    setImmediate
// timer           timer
//
// timers that ran during 1000 awaits: 0
// timers that ran after 2 turns of the loop: 1
//
// Notice that nothing here depends on how fast the machine is. The order is a rule.
//
// Question: call the body directly, without reading a file. Which two lines change places for
// certain?
// Change `readFile(import.meta.filename, body)` in line 24.
