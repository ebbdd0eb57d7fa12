// Seen: Task 6 started at 2900 ms, and could have started at 1900 ms.
import { setTimeout as sleep } from 'node:timers/promises';

// It counts tasks that run, and frees a place a second after the start or at the end of the task, whichever
// is later.
export function limited<Input, Output>(task: (input: Input) => Promise<Output>, perSecond: number) {
  const waiting: Array<() => void> = [];
  let free = perSecond;
  return async (input: Input): Promise<Output> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const second = sleep(1000);
    try {
      return await task(input);
    } finally {
      void second.then(() => {
        const next = waiting.shift();
        if (next) next();
        else free++;
      });
    }
  };
}
