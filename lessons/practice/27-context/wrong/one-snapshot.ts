// Seen: They worked for table 1 and table 1.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Queue } from '../solution.ts';

export function openQueue(): Queue {
  const waiting: Array<() => void> = [];
  const inContext = AsyncLocalStorage.snapshot();
  return {
    add: (callback) => void waiting.push(callback),
    work: () => waiting.splice(0).forEach((callback) => inContext(callback)),
  };
}
