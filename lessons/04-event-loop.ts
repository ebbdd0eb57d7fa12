// One thread runs everything, one callback at a time, in an order that can be predicted. Between any two callbacks
// Node empties two queues completely: process.nextTick first, then promises (microtasks).
//
// Claim: in an I/O callback its own code runs first, then nextTick, then microtasks, then setImmediate, then timers,
// whatever order they are written in. And 1,000 awaits of what is ready let no timer run: they never reach the loop.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { play } from './stage.ts';

const PREDICTED = ['I/O callback', 'sync code', 'nextTick', 'microtask', 'setImmediate', 'timer'];
const AWAITS = 1000;

// The loop's phases go round: timers, I/O, setImmediate, and timers again. Starting from an I/O callback makes the
// order certain. Started from a module, the timer and setImmediate race; a promise even comes before nextTick.
const fromIoCallback = (body: () => void): void => readFile(import.meta.filename, body);

export async function run({ start = fromIoCallback, rest = async () => {} } = {}): Promise<void> {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  start(() => {
    order.push('I/O callback');
    setTimeout(() => resolve(void order.push('timer')), 0);
    setImmediate(() => order.push('setImmediate'));
    void Promise.resolve().then(() => order.push('microtask'));
    process.nextTick(() => order.push('nextTick'));
    order.push('sync code');
  });
  await done;
  console.log('predicted       happened');
  for (const [index, name] of order.entries()) console.log(`${PREDICTED[index]!.padEnd(14)}  ${name}`);
  assert.deepEqual(order, PREDICTED);

  // This timer is overdue before the first await. It does not matter: the loop is never reached.
  let timerTurns = 0;
  setTimeout(() => timerTurns++, 1);
  const due = performance.now() + 2;
  while (performance.now() < due);
  for (let count = 0; count < AWAITS; count++) await rest();
  const whileAwaiting = timerTurns;

  // Going through the loop lets it run. Two turns, because the first setImmediate can come before the timers.
  for (let turn = 0; turn < 2; turn++) await nextTurn();
  console.log(`\ntimer turns during ${AWAITS} awaits: ${whileAwaiting}`);
  console.log(`timer turns after 2 turns of the loop: ${timerTurns}`);
  assert.equal(whileAwaiting, 0, 'awaits let no timer run');
  assert.equal(timerTurns, 1, 'a turn of the loop does');
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
// timer turns during 1000 awaits: 0
// timer turns after 2 turns of the loop: 1
//
// Notice that nothing here depends on time: the order is a rule, not a race.
//
// Question: which two lines swap for certain if the body is called directly, without a file?
// Change `readFile(import.meta.filename, body)` in line 16.
