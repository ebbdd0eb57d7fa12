// Waiting for a state instead of a time: look once per turn of the event loop, and later once in a millisecond.
import { setImmediate as turn } from 'node:timers/promises';

export { turn };

/** An event that takes more turns than this usually depends on another process, which needs the core. */
const TURNS = 200;

// A clock that a test has stopped must not stop this too.
const { setTimeout: setTimer } = globalThis;
const pause = (): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimer(resolve, 1);
  return promise;
};

/** Resolves once `holds()` is true. A state that never comes is a test that its runner ends. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; ; looks++) {
    const held = holds();
    if (typeof held === 'boolean' ? held : await held) return;
    await (looks < TURNS ? turn() : pause());
  }
}

/** Long enough for anything that only waits for promises to go on: for showing that nothing happens. */
export async function manyTurns(): Promise<void> {
  for (let count = 0; count < 50; count++) await turn();
}
