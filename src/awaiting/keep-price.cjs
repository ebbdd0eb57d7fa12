// What --keep costs, measured in a process of its own: the CPU time of an awaited call without and with it, in turns,
// and the memory of one pending promise that is kept. Prints both as JSON.
'use strict';

const { follow } = require('./keep.cjs');

const CALLS = 20_000;
const TURNS = 7;
const PENDING = 50_000;

async function call(value) {
  return value;
}

async function microsecondsOfCall() {
  const started = process.cpuUsage();
  for (let count = 0; count < CALLS; count++) await call(count);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / CALLS;
}

function bytesOfPending() {
  const promises = [];
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < PENDING; count++) promises.push(new Promise(() => {}));
  globalThis.gc();
  const after = process.memoryUsage().heapUsed;
  return { bytes: (after - before) / PENDING, promises };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

void (async () => {
  const without = [];
  const withKeep = [];
  await microsecondsOfCall();
  for (let turn = 0; turn < TURNS; turn++) {
    without.push(await microsecondsOfCall());
    const stop = follow();
    withKeep.push(await microsecondsOfCall());
    stop();
  }
  const bare = bytesOfPending();
  const stop = follow();
  const kept = bytesOfPending();
  stop();
  const bytes = Math.max(0, Math.round(kept.bytes - bare.bytes));
  console.log(JSON.stringify({ withoutUs: median(without), withUs: median(withKeep), bytes }));
})();
