// The clock of the exercises that are about time. It is virtual: it jumps to the next timer when the program has nothing
// else to do. So an hour takes no time, and a check sees the same milliseconds on every machine.
import { setTimeout as wait } from 'node:timers/promises';
import type { VirtualTime } from '../../virtual-time.ts';

export interface Clock {
  /** Milliseconds since the check began. */
  readonly nowMs: number;
  /** Timers that are set, and that would keep the process from ending. */
  readonly timersSet: number;
  /** Lets the clock run for so long. */
  run(milliseconds: number): Promise<void>;
}

export function clockOn(time: VirtualTime): Clock {
  const startMs = performance.now();
  return {
    get nowMs() {
      return performance.now() - startMs;
    },
    get timersSet() {
      return time.timersSet;
    },
    run: (milliseconds) => wait(milliseconds),
  };
}
