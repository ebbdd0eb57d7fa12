// Seen: Task 3 started at 1568 ms, and could have started at 900 ms.
import { setTimeout as sleep } from 'node:timers/promises';

export function limited<Input, Output>(task: (input: Input) => Promise<Output>, perSecond: number) {
  let nextMs = 0;
  return async (input: Input): Promise<Output> => {
    const startMs = Math.max(performance.now(), nextMs);
    nextMs = startMs + Math.ceil(1000 / perSecond);
    await sleep(startMs - performance.now());
    return task(input);
  };
}
