// Seen: They worked for nobody and nobody.
import { AsyncResource } from 'node:async_hooks';
import type { Queue } from '../solution.ts';

export function openQueue(): Queue {
  const waiting: Array<() => void> = [];
  return {
    add: (callback) => void waiting.push(callback),
    work: () => waiting.splice(0).forEach((callback) => AsyncResource.bind(callback)()),
  };
}
