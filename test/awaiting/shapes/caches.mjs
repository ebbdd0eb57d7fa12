// Promises in caches: many wait for one, and each sees the same. Who holds a promise does not wait for it.
import { gate, keep, ready } from './gates.mjs';

const flights = new Map();
const byRequest = new WeakMap();

async function load(key) {
  await gate();
  return key;
}
function cached(key) {
  const known = flights.get(key);
  if (known) return known;
  const flight = load(key);
  flights.set(key, flight);
  return flight;
}
async function handle(key) {
  await cached(key);
}
async function twoOfThem() {
  await Promise.all([cached('a'), cached('a'), cached('b')]);
}
// It holds the promises of others, and waits for something else.
async function keeper() {
  const own = [cached('a'), cached('b')];
  byRequest.set(own, cached('a'));
  await gate();
  return own;
}
// The entry goes when it fails: that makes one more promise, and no further waiter.
async function withClean() {
  const flight = load('c');
  flight.catch(() => flights.delete('c'));
  flights.set('c', flight);
  await flight;
}

keep(handle('a'), handle('a'), handle('b'), twoOfThem(), keeper(), withClean());
ready();

/* shows:
handle 19:3 × 3
  load 8:3
    ? (its resolver is in opened[])
twoOfThem 22:3
  all
    load 8:3 × 2
      ? (its resolver is in opened[])
keeper 28:3
  ? (its resolver is in opened[])
withClean 36:3
  load 8:3
    ? (its resolver is in opened[])
*/
