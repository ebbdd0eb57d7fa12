// Loaded before a program that prices orders. Each thread tells how many steps it has computed before its figures count: the
// main thread when the clock starts, a Worker when it sends its first results. A step is a call of Math.imul. An order takes
// one for each round, and some 70 more.
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const { imul } = Math;
let steps = 0;
Math.imul = (one, other) => {
  steps++;
  return imul(one, other);
};

/** Puts in place of a method one that tells the steps when it is first called. */
function tellAt(object, method, who) {
  const original = object[method];
  object[method] = (...words) => {
    // Straight to standard error: what a Worker prints by console.error might be lost when the process ends.
    writeSync(2, `${who}: ${steps} steps\n`);
    object[method] = original;
    return original.apply(object, words);
  };
}

if (parentPort) tellAt(parentPort, 'postMessage', 'worker');
else tellAt(performance, 'now', 'main');
