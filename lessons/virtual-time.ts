// Virtual time: timers, Date and performance.now follow a clock that jumps. When nothing else can run, it jumps to the next
// timer. The event loop itself says when that is: Node emits beforeExit when no callback, no file and no request is left to
// wait for. So a lesson of ten seconds takes no time, and prints the same bytes however busy the machine is.
//
// Two tools that exist are not enough here. mock.timers of node:test has to be told how far to go. @sinonjs/fake-timers can
// jump by itself, but it knows only timers, so it would jump while a file is still being read.
import { AsyncResource } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where the clock starts: a round number, so that sums with it stay exact in floating point. */
const START = Date.UTC(2026, 0, 1, 12);
const MAX_DELAY = 2 ** 31 - 1;

class Timer {
  due = 0;
  #ref = true;
  readonly #clock: Clock;
  readonly fire: () => void;
  readonly delayMs: number;
  constructor(clock: Clock, fire: () => void, delay: unknown) {
    this.#clock = clock;
    // In the context of whoever set the timer, as in Node: AsyncLocalStorage would be lost in the clock's jump.
    this.fire = AsyncResource.bind(fire);
    // As in Node, a delay is a whole number of milliseconds. Any other value counts as 1.
    const wanted = Number(delay);
    this.delayMs = wanted >= 1 && wanted <= MAX_DELAY ? Math.trunc(wanted) : 1;
    this.refresh();
  }
  ref = () => this.#set(true);
  unref = () => this.#set(false);
  hasRef = () => this.#ref;
  #set(ref: boolean): this {
    this.#ref = ref;
    return this;
  }
  refresh(): this {
    this.close();
    this.due = this.#clock.elapsedMs + this.delayMs;
    this.#clock.waiting.push(this);
    return this;
  }
  close(): this {
    const { waiting } = this.#clock;
    if (waiting.includes(this)) waiting.splice(waiting.indexOf(this), 1);
    return this;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

class Clock {
  elapsedMs = 0;
  readonly waiting: Timer[] = [];

  /** Fires the timer that is due next. Of two that are due together, it fires the one that was set first. */
  jump(): void {
    let next = this.waiting[0];
    for (const timer of this.waiting) if (next && timer.due < next.due) next = timer;
    if (!next) return;
    next.close();
    this.elapsedMs = next.due;
    next.fire();
  }
}

type Callback = (...rest: unknown[]) => void;

export interface VirtualTime extends Disposable {
  /** Timers that are set and would keep a process from ending. */
  readonly timersSet: number;
}

/** Runs this process on virtual time until it is disposed of. */
export function virtualTime(): VirtualTime {
  const clock = new Clock();
  const setTimeout = (callback: Callback, delay?: unknown, ...rest: unknown[]) =>
    new Timer(clock, () => callback(...rest), delay);
  const setInterval = (callback: Callback, delay?: unknown, ...rest: unknown[]) => {
    const again = () => {
      timer.refresh();
      callback(...rest);
    };
    const timer: Timer = new Timer(clock, again, delay);
    return timer;
  };
  const clear = (timer?: unknown) => {
    if (timer instanceof Timer) timer.close();
  };
  const wait = async (delay?: unknown, value?: unknown, { signal, ref = true }: WaitOptions = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const leave = () => reject(abortError(signal));
    if (signal?.aborted) leave();
    const timer = setTimeout(resolve, delay, value);
    if (!ref) timer.unref();
    signal?.addEventListener('abort', leave);
    try {
      return await promise;
    } finally {
      timer.close();
      signal?.removeEventListener('abort', leave);
    }
  };
  const timeoutSignal = (delay: number) => {
    const controller = new AbortController();
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeout(() => controller.abort(late), delay).unref();
    return controller.signal;
  };
  const date = new Proxy(Date, {
    construct: (target, given, self) =>
      Reflect.construct(target, given.length > 0 ? given : [START + clock.elapsedMs], self) as object,
    get: (target, key) => (key === 'now' ? () => START + clock.elapsedMs : Reflect.get(target, key)),
  });

  const api = {
    setTimeout: Object.assign(setTimeout, { [promisify.custom]: wait }),
    setInterval,
    clearTimeout: clear,
    clearInterval: clear,
  };
  using undo = new DisposableStack();
  function replace(target: object, values: object) {
    for (const [key, value] of Object.entries(values)) {
      const original = Object.getOwnPropertyDescriptor(target, key);
      Object.defineProperty(target, key, { value, configurable: true, writable: true });
      undo.defer(() => {
        if (original) Object.defineProperty(target, key, original);
        else Reflect.deleteProperty(target, key);
      });
    }
  }
  undo.defer(syncBuiltinESMExports);
  replace(globalThis, { ...api, Date: date });
  replace(timers, api);
  replace(promises, { setTimeout: wait });
  replace(promises.scheduler, {
    wait: (delay: number, options?: WaitOptions) => wait(delay, undefined, options),
  });
  replace(performance, { timeOrigin: START, now: () => clock.elapsedMs });
  replace(AbortSignal, { timeout: timeoutSignal });
  syncBuiltinESMExports();

  // The real loop ends although timers are set, if all of them were unref'd. So does this one. The clock jumps in an
  // immediate, so that whatever the timer starts runs before the loop can be empty again.
  const timersSet = () => clock.waiting.filter((timer) => timer.hasRef()).length;
  const onEmpty = () => {
    if (timersSet() > 0) setImmediate(() => clock.jump());
  };
  process.on('beforeExit', onEmpty);
  undo.defer(() => process.off('beforeExit', onEmpty));
  const owned = undo.move();
  return {
    get timersSet() {
      return timersSet();
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ref?: boolean;
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
