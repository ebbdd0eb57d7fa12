// A garbage collection on demand, without starting Node with --expose-gc. Node comes with compiled code of its own modules. V8
// accepts this code only if its flags are the same as when the code was made. A process that was started with --expose-gc
// compiles all those modules again. If it loads undici, that takes 40 ms of CPU time, and a part of it while the clock runs.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: NodeJS.GCFunction | undefined;

/** Collects all that is garbage now, before it returns. */
export function collectGarbage(): void {
  collect ??= globalThis.gc ?? exposed();
  collect();
}

/** V8 gives the function to each context that is made while the flag is set. */
function exposed(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext('gc') as NodeJS.GCFunction;
  } finally {
    // Otherwise all that is loaded later, here or in a thread, would be compiled again.
    setFlagsFromString('--no-expose-gc');
  }
}
