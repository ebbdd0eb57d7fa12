// Seen: Stopped: 1 and 2.
import type { Cook } from '../../frame/kitchen.ts';
import type { Counter } from '../solution.ts';

export function openCounter(cook: Cook): Counter {
  const stop = new AbortController();
  return {
    async order(id) {
      stop.signal.throwIfAborted();
      return cook(id, stop.signal);
    },
    async close() {
      stop.abort();
    },
  };
}
