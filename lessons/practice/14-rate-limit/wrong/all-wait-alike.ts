// Seen: From 2000 ms to 2000 ms there were 5 starts.
import { setTimeout as sleep } from 'node:timers/promises';

export function limited<Input, Output>(task: (input: Input) => Promise<Output>, perSecond: number) {
  const starts: number[] = [];
  return async (input: Input): Promise<Output> => {
    if (starts.filter((atMs) => performance.now() - atMs < 1000).length >= perSecond) await sleep(1000);
    starts.push(performance.now());
    return task(input);
  };
}
