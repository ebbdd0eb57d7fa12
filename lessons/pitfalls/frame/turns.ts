// Waiting without a clock.
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Lets the event loop turn until `condition` holds, or at most `atMost` times if the condition is one that must not
 * come true. Turns are no clock. An intercepted request needs one turn to arrive and two for its answer, however busy
 * the machine is.
 */
export async function until(condition: () => boolean, atMost = Infinity): Promise<void> {
  for (let turned = 0; turned < atMost && !condition(); turned++) await turn();
}
