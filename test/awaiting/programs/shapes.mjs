// One function for each way to wait. Nothing settles: whoever looks finds all of them waiting.
import { once, EventEmitter } from 'node:events';
globalThis.kept = [];
const gate = () =>
  new Promise((resolve) => {
    globalThis.kept.push(resolve);
  });
async function slow() {
  await gate();
}
async function settled() {
  await Promise.allSettled([slow(), slow()]);
}
async function raced() {
  await Promise.race([slow(), slow()]);
}
async function anyOf() {
  await Promise.any([slow(), slow()]);
}
async function chained() {
  await slow()
    .then(() => 1)
    .then(() => 2);
}
async function* numbers() {
  await slow();
  yield 1;
}
async function reader() {
  for await (const n of numbers()) console.log(n);
}
const bell = new EventEmitter();
globalThis.kept.push(bell);
async function listener() {
  await once(bell, 'ring');
}
async function main() {
  await Promise.all([settled(), raced(), anyOf(), chained(), reader(), listener()]);
}
globalThis.kept.push(main());
setInterval(() => {}, 1e6);
console.log('waiting');
