// Two functions, and each awaits the other.
/* oxlint-disable prefer-const, unicorn/no-unnecessary-await, typescript/await-thenable */
globalThis.kept = [];
let a, b;
async function first() {
  await null;
  await b;
}
async function second() {
  await null;
  await a;
}
a = first();
b = second();
globalThis.kept.push(a, b);
setInterval(() => {}, 1e6);
console.log('waiting');
