// A garbage collection on demand, without the flag --expose-gc. Node comes with compiled code of its own modules, and takes it
// only where V8's flags are those with which it was made. A process with that flag would compile them all again: 40 ms of CPU
// time for one that loads undici, and a part of it while the clock runs.
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
    // What is loaded from now on, here or in a thread, has its compiled code again.
    setFlagsFromString('--no-expose-gc');
  }
}
