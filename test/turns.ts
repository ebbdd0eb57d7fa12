// Waiting for a state instead of a time: look once per turn of the event loop, and the longer it takes, the less often. A look
// may take a millisecond of CPU time, and whoever waits for another process must not take the core from it.
import { setImmediate as turn } from 'node:timers/promises';

export { turn };

/** An event that takes more turns than this usually depends on another process. */
const TURNS = 200;
const LONGEST_PAUSE_MS = 20;

// A clock that a test has stopped must not stop this too.
const { setTimeout: setTimer, setImmediate: setTurn } = globalThis;
const pause = (ms: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimer(resolve, ms);
  return promise;
};

/** Resolves once `holds()` is true. A state that never comes is a test that its runner ends. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; ; looks++) {
    const held = holds();
    if (typeof held === 'boolean' ? held : await held) return;
    await (looks < TURNS ? turn() : pause(Math.min(looks - TURNS + 1, LONGEST_PAUSE_MS)));
  }
}

/** Long enough for anything that only waits for promises to go on: for showing that nothing happens. */
export function manyTurns(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = 50;
  // By callbacks: node:test follows each promise of a test, which takes longer than the turn.
  const next = () => (left-- > 0 ? setTurn(next) : resolve());
  next();
  return promise;
}
