// A clock for tests of what waits by a timer: when nothing but timers can go on, it jumps to the next of them.
import type { TestContext } from 'node:test';
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';
import { manyTurns } from '../turns.ts';

interface Timer {
  readonly dueMs: number;
  readonly fire: () => void;
}

export interface JumpingClock {
  /** Since the clock began. */
  readonly nowMs: number;
  /** Time passes while nothing can run, as when a thread computes. */
  standStill(ms: number): void;
  /** Lets time go on until `work` settles. */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

/** `setTimeout` of timers/promises and `performance.now` follow this clock until the test ends. Each timer is `lateMs` late. */
export function jumpingClock(t: TestContext, { lateMs = 0 } = {}): JumpingClock {
  let nowMs = 0;
  const timers = new Set<Timer>();
  const sleep = async (ms: number, _value?: unknown, { signal }: { readonly signal?: AbortSignal } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = { dueMs: nowMs + ms + lateMs, fire: resolve };
    timers.add(timer);
    signal?.addEventListener('abort', () => {
      timers.delete(timer);
      reject(signal.reason as Error);
    });
    await promise;
  };
  t.mock.method(performance, 'now', () => nowMs);
  t.mock.method(promises, 'setTimeout', sleep as never);
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return {
    get nowMs() {
      return nowMs;
    },
    standStill(ms) {
      nowMs += ms;
    },
    async run(work) {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      work.then(settle, settle);
      for (;;) {
        await manyTurns();
        if (isSettled) return work;
        const [next] = [...timers].toSorted((one, other) => one.dueMs - other.dueMs);
        if (!next) throw new Error('nothing can go on: no timer is set');
        timers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.fire();
      }
    },
  };
}
