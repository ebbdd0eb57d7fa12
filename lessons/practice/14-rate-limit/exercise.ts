// The API allows three requests a second. This limiter counts the requests of each second of the clock. Three
// may start at the end of one second and three at the beginning of the next, so that six start within a few
// milliseconds.
//
// What is wanted: `limited(task, perSecond)` returns a function that runs `task` with its input and returns
// the result. Within any 1,000 ms, wherever they begin, at most `perSecond` tasks start, in the order of the
// calls. No task waits longer than that rule makes it wait. A task that takes long or fails changes nothing
// for the others.
import { setTimeout as sleep } from 'node:timers/promises';

export function limited<Input, Output>(
  task: (input: Input) => Promise<Output>,
  perSecond: number,
): (input: Input) => Promise<Output> {
  let second = 0;
  let started = 0;
  return async (input) => {
    for (;;) {
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) {
        second = now;
        started = 0;
      }
      if (started < perSecond) break;
      await sleep(1000 - (performance.now() % 1000));
    }
    started++;
    return task(input);
  };
}
