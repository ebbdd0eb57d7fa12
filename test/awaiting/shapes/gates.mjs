// What never settles, and what stays in memory for as long as the process lives.
const opened = [];

/** A promise that only its resolver could settle, and that lies in an array. */
export function gate() {
  return new Promise((resolve) => {
    opened.push(resolve);
  });
}

const kept = [];
globalThis.kept = kept;

export function keep(...values) {
  kept.push(...values);
}

let readyPrograms = 0;
let tell = () => {};

/** A program calls it when all that it has started waits. */
export function ready() {
  readyPrograms++;
  tell();
}

// For a program in CommonJS, which cannot import on Node 20.
globalThis.gates = { gate, keep, ready };

export async function allReady(count) {
  while (readyPrograms < count) {
    await new Promise((resolve) => {
      tell = resolve;
    });
  }
}
