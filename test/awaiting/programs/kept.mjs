// The heap that is kept beside the tests. What a program of shapes and a deadlock look like together.
import { writeHeapSnapshot } from 'node:v8';
import { once, EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';

const kept = [];
globalThis.kept = kept;
const gate = () =>
  new Promise((resolve) => {
    kept.push(resolve);
  });

async function cook() {
  await gate();
}
async function table() {
  await Promise.all([cook(), cook(), chained()]);
}
async function chained() {
  await cook().then(() => 'served');
}
async function raced() {
  await Promise.race([cook(), cook()]);
}
async function settled() {
  await Promise.allSettled([cook()]);
}
async function any() {
  await Promise.any([cook(), cook()]);
}
async function* dishes() {
  await cook();
  yield 1;
}
async function eater() {
  for await (const dish of dishes()) kept.push(dish);
}
const bell = new EventEmitter();
async function listener() {
  await once(bell, 'ring');
}
const calls = {};
async function first() {
  await turn();
  await calls.second;
}
async function second() {
  await turn();
  await calls.first;
}
async function forgotten() {
  await gate();
}

calls.first = first();
calls.second = second();
void forgotten();
kept.push(bell, calls, table(), raced(), settled(), any(), eater(), listener());
setTimeout(() => {
  writeHeapSnapshot(process.argv[2], { exposeInternals: true });
  process.exit();
}, 100);
