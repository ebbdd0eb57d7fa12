// Two tables order, and each hands in a callback for when its dish is ready. AsyncLocalStorage knows at which
// table some code runs: whatever is started there knows its table, across awaits and timers. But these callbacks
// wait in a queue of our own, and the cook empties it. The cook sits at no table, so the callbacks do not know
// their table.
//
// What is wanted: `openQueue` returns a queue. `add` takes a callback, and `work` runs all that wait, in their
// order. Each callback runs in the context in which `add` was called for it, whoever calls `work`, and from
// wherever. `work` itself goes on in its own context.
export interface Queue {
  add(callback: () => void): void;
  work(): void;
}

export function openQueue(): Queue {
  const waiting: Array<() => void> = [];
  return {
    add: (callback) => void waiting.push(callback),
    work: () => waiting.splice(0).forEach((callback) => callback()),
  };
}
