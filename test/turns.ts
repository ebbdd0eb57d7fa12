// Waiting for a state instead of a time: look once per turn of the event loop.
import { setImmediate as turn } from 'node:timers/promises';

export { turn };

/** Resolves once `holds()` is true. A state that never comes is a test that its runner ends. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** Long enough for anything that only waits for promises to go on: for showing that nothing happens. */
export async function manyTurns(): Promise<void> {
  for (let count = 0; count < 50; count++) await turn();
}
