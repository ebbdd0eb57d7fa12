// A clock for tests of what waits: `now()`, timers and turns of the event loop go on together, a quarter of a
// millisecond at a time, when the test says so.
import type { TestContext } from 'node:test';

export function clock(t: TestContext) {
  let at = 1000;
  let waiting: Array<{ readonly at: number; readonly run: () => void }> = [];
  const wait = (run: () => void, ms = 0) => {
    const timer = { at: at + ms, run };
    waiting.push(timer);
    return timer;
  };
  const cancel = (timer: unknown) => (waiting = waiting.filter((other) => other !== timer));
  t.mock.method(performance, 'now', () => at);
  t.mock.method(globalThis, 'setTimeout', wait as never);
  t.mock.method(globalThis, 'setImmediate', ((run: () => void) => wait(run)) as never);
  t.mock.method(globalThis, 'clearTimeout', cancel as never);
  t.mock.method(globalThis, 'clearImmediate', cancel as never);
  return {
    pending: () => waiting.length,
    async goOn(ms: number) {
      for (let left = ms * 4; left > 0; left--) {
        at += 0.25;
        const due = waiting.filter((timer) => timer.at <= at);
        for (const timer of due) cancel(timer);
        for (const timer of due) timer.run();
        for (let count = 0; count < 10; count++) await Promise.resolve();
      }
    },
  };
}
