// Loaded into a program before everything else: keeps every pending promise, so that a function whose promise is
// garbage stays in the heap and shows. It costs time and memory for every promise of the program.
import { promiseHooks } from 'node:v8';

const pending = new Map<Promise<unknown>, number>();
promiseHooks.createHook({
  init: (promise) => void pending.set(promise, performance.now()),
  settled: (promise) => void pending.delete(promise),
});
Object.defineProperty(globalThis, Symbol.for('awaiting.kept'), { value: pending });
