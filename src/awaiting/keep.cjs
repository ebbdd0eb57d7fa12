// Runs inside the program that `npm run awaiting -- --keep FILE` starts, before anything of the program's own. It keeps
// every promise that is pending, with the time at which it was made. A pending promise holds the function that awaits it.
// So a function that nothing can wake any more stays in the heap, and a look can show it. Without this file it would be
// garbage, and gone.
'use strict';

const { promiseHooks } = require('node:v8');
const { isMainThread } = require('node:worker_threads');

// The program may replace the global clock later.
const { performance } = globalThis;

/** The look finds the map in the heap by this name. */
class AwaitingKept extends Map {}

/** A snapshot shows strings and no numbers. A string for each tenth of a second costs less than one for each promise. */
const TICK_MS = 100;

const kept = new AwaitingKept();
let made = 0;
let tickEnds = -Infinity;
let tick = '';

/** Follows all promises until the returned function is called. */
function follow() {
  return promiseHooks.createHook({
    init(promise) {
      const now = performance.now();
      if (now >= tickEnds) {
        tick = String(Math.floor(now));
        tickEnds = now + TICK_MS;
      }
      made++;
      kept.set(promise, tick);
    },
    settled(promise) {
      kept.delete(promise);
    },
  });
}

const told = () => ({ made, pending: kept.size, nowMs: performance.now() });

const flag = process.execArgv.indexOf(__filename);
if (flag > 0) {
  // A process that the program forks would get these flags too.
  process.execArgv.splice(flag - 1, 2);
  if (isMainThread) {
    Object.defineProperty(globalThis, Symbol.for('async-workbench.kept'), { value: told });
    follow();
  }
}

module.exports = { follow };
