// Promises handed across a queue: who takes waits for whoever puts something in. No graph tells who that will be.
import { gate, keep, ready } from './gates.mjs';

const waiting = [];
function take() {
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}
async function consumer() {
  await take();
}
async function producer() {
  await gate();
  waiting.shift()();
}

class Semaphore {
  queue = [];
  acquire() {
    return new Promise((resolve, reject) => {
      this.queue.push({ resolve, reject });
    });
  }
}
const semaphore = new Semaphore();
async function worker() {
  await semaphore.acquire();
}

const byId = new Map();
async function answer(id) {
  await new Promise((resolve) => {
    byId.set(id, { callback: (value) => resolve(value) });
  });
}

// The chain of a lock: each waits for the one before.
let last = Promise.resolve();
function lock(task) {
  last = last.then(task);
  return last;
}
async function first() {
  await gate();
}
async function second() {
  await lock(first);
}
async function third() {
  await lock(first);
}

// A variable instead of a queue: the one function that uses it is the one that settles.
let open;
async function visitor() {
  await new Promise((resolve) => {
    open = resolve;
  });
}
async function porter() {
  await gate();
  open();
}

keep(
  consumer(),
  producer(),
  worker(),
  worker(),
  answer(1),
  answer(2),
  second(),
  third(),
  visitor(),
  porter(),
);
ready();

/* shows:
consumer 11:3
  ? (its resolver is in waiting[])
producer 14:3
  ? (its resolver is in opened[])
worker 28:3 × 2
  ? (its resolver is in Semaphore.queue[])
answer 33:3 × 2
  ? (its resolver is in byId[].callback)
second 48:3
  first 45:3
    ? (its resolver is in opened[])
third 51:3
  then first 44:21
    first 45:3
      ? (its resolver is in opened[])
visitor 57:3
  settled by
    porter 62:3
      ? (its resolver is in opened[])
*/
