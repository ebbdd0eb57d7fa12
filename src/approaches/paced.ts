// A paced pool: it limits how many tasks start in a second, and how many are in flight. Some services limit the requests of
// each second, whatever is in flight. A bounded pool cannot keep to such a rate, because its pace depends on how fast the
// answers come.
//
// The idea is a timetable. Each start has a time of its own, 1 / rate after the start before. A task that is early waits.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface PacedOptions {
  /** The most starts in a second: a number above 0, or Infinity. */
  readonly perSecond: number;
  /** The most tasks in flight at once: a positive integer, or Infinity. Default: Infinity. */
  readonly concurrency?: number;
  /** Its abort ends the run: nothing more starts, and the signal of every running task aborts with the same reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Timers are a few milliseconds late. The next starts make up for that. They do not make up for more, or a burst would
 * follow a standstill.
 */
const LATE_MS = 5;

/**
 * Runs `task` for each of `inputs`, and starts `perSecond` of them in a second, by a timetable. A late start does not delay the
 * next ones, so a window of one second may hold one start more, or up to 5 ms worth of starts. The results have the order of
 * the inputs, whichever task ends first. An input is drawn only when the task before it has started.
 *
 * After the first failure (of a task, or of `inputs` themselves) or an abort, nothing starts any more, and running tasks see
 * their signal abort. When the last of them has ended, the promise rejects with that failure, or with the signal's reason.
 *
 * @throws {TypeError} if an option that must be a number is none, or is out of range
 */
export async function paced<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  { perSecond, concurrency = Infinity, signal }: PacedOptions,
): Promise<Output[]> {
  expectNumber('perSecond', perSecond, (value) => value > 0, 'a number above 0');
  expectNumber('concurrency', concurrency, isCount, 'a positive integer or Infinity');
  signal?.throwIfAborted();

  const results: Output[] = [];
  const run = new Run();

  async function start(input: Input, place: number): Promise<void> {
    run.start();
    try {
      results[place] = await task(input, run.signal);
    } catch (error) {
      run.fail(error);
    }
    run.end();
  }

  const onAbort = () => run.fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const intervalMs = 1000 / perSecond;
    let startsAt = performance.now();
    let place = 0;
    for (const input of inputs) {
      while (run.inFlight >= concurrency) await run.anEnd();
      await until(startsAt, run.signal);
      if (run.failure) break; // leaving the loop closes `inputs`
      startsAt = Math.max(startsAt, performance.now() - LATE_MS) + intervalMs;
      void start(input, place++);
    }
  } catch (error) {
    run.fail(error);
  }
  while (run.inFlight > 0) await run.anEnd();
  signal?.removeEventListener('abort', onAbort);
  if (run.failure) throw run.failure.reason;
  return results;
}

/** The tasks in flight, and the first failure or abort among them. */
class Run {
  inFlight = 0;
  /** An object, because a task may also throw `undefined`. */
  failure: { readonly reason: unknown } | undefined;
  readonly #stop = new AbortController();
  readonly signal = this.#stop.signal;
  /** Wakes the code that waits for the end of a task. */
  #tellEnd = (): void => {};

  readonly fail = (reason: unknown): void => {
    if (this.failure) return;
    this.failure = { reason };
    this.#stop.abort(reason);
  };

  start(): void {
    this.inFlight++;
  }

  end(): void {
    this.inFlight--;
    this.#tellEnd();
  }

  /** Resolves when the next task has ended. */
  anEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }
}

/** The longest timer of Node is 2 ** 31 - 1 ms, about 25 days. A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits until `performance.now()` says `atMs`, or until the signal aborts. A timer may also fire a moment too early. */
async function until(atMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const leftMs = atMs - performance.now();
    if (leftMs <= 0) return;
    await sleep(Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS), undefined, { signal }).catch(() => {});
  }
}

const isCount = (value: number) => value === Infinity || (Number.isInteger(value) && value > 0);

/** Asks `isFine` only about a number: to compare a symbol would throw an error that names no option. */
function expectNumber(
  name: string,
  value: unknown,
  isFine: (value: number) => boolean,
  expected: string,
): void {
  if (typeof value !== 'number' || !isFine(value)) {
    throw new TypeError(`${name}: expected ${expected}, got ${inspect(value)}`);
  }
}
