// `bind` keeps the context of this moment with the callback. The queue does it and not its users, so that nobody
// can forget it.
import { AsyncResource } from 'node:async_hooks';

export interface Queue {
  add(callback: () => void): void;
  work(): void;
}

export function openQueue(): Queue {
  const waiting: Array<() => void> = [];
  return {
    add: (callback) => void waiting.push(AsyncResource.bind(callback)),
    work: () => waiting.splice(0).forEach((callback) => callback()),
  };
}
