// AsyncLocalStorage keeps a context beside each promise. It is no edge.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { gate, keep, ready } from './gates.mjs';

const storage = new AsyncLocalStorage();
const waiting = [];

async function inner() {
  await gate();
}
async function outer() {
  await storage.run({ id: 2, other: inner }, inner);
}
async function boundLater() {
  await new Promise((resolve) => {
    waiting.push(AsyncResource.bind(resolve));
  });
}

keep(storage.run({ id: 1 }, outer), storage.run({ id: 3, promise: gate() }, boundLater));
ready();

/* shows:
outer 12:3
  inner 9:3
    ? (its resolver is in opened[])
boundLater 15:3
  ?
*/
