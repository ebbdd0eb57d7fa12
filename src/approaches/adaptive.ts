// An adaptive pool: it finds its own size. Few services say how many requests they take at once, and tomorrow the number may
// be another. TCP has the same problem with networks. Its answer is to try: send a little more while all goes well, and
// much less at the first sign of trouble. This is called AIMD, additive increase and multiplicative decrease.
//
// There are two signs of trouble. The service refuses a request (429 or 503). Or its answers take longer than before,
// because requests wait in a queue there. The second sign comes first, so often nothing has to be refused.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** What a rule sees after each round. A round is as many answers as may be in flight. */
export interface Round {
  /** How many may be in flight now. It may be a fraction. */
  readonly limit: number;
  /** How long an answer of this round took on average, in milliseconds. */
  readonly tookMs: number;
  /** The same for the quickest round so far: an answer takes about this long when nothing waits. */
  readonly quickestMs: number;
  /** Whether there has been trouble before. Until then nothing is known about the limit of the service. */
  readonly hadTrouble: boolean;
}

/** How many may be in flight after a round. */
export type Rule = (round: Round) => number;

/** If answers take this many times as long as the quickest did, requests wait in a queue. */
const SLOW = 2;

/**
 * Allows one more after each round, and half as many when answers have become slow. At first it doubles, because one more
 * at a time would take long to come near the limit. TCP calls this slow start.
 */
export const aimd: Rule = ({ limit, tookMs, quickestMs, hadTrouble }) => {
  if (tookMs > SLOW * quickestMs) return limit / 2;
  return hadTrouble ? limit + 1 : limit * 2;
};

/** Answers may take this many times as long as the quickest did, before the gradient rule lowers the limit. */
const TOLERANCE = 1.5;

/**
 * The gradient rule of Netflix's concurrency-limits. It compares how long an answer took with the quickest round, times
 * TOLERANCE. If it took 10 % longer than that, about a tenth of the limit is taken off, and never more than half. Then the
 * square root of the limit is added. It allows a short queue, so that no place is idle.
 */
export const gradient: Rule = ({ limit, tookMs, quickestMs }) => {
  const part = Math.max(0.5, Math.min(1, (TOLERANCE * quickestMs) / tookMs));
  return limit * part + Math.sqrt(limit);
};

export interface AdaptiveOptions<Output> {
  /** How the limit changes after a round without a refusal: `aimd`, `gradient`, or one of your own. Default: `aimd`. */
  readonly rule?: Rule;
  /** The most tasks in flight at once, whatever the rule says: a positive integer, or Infinity. Default: Infinity. */
  readonly most?: number;
  /** How often one input is tried, the first time included. Default: 20. */
  readonly attempts?: number;
  /**
   * Tells a refusal from other outcomes. For a refusal it returns a time in milliseconds: for so long nothing is sent. For
   * any other outcome it returns undefined. Default: `refusalOf`.
   */
  readonly refusal?: (outcome: PromiseSettledResult<Output>) => number | undefined;
  /** Its abort ends the run: nothing more starts, and the signal of every running task aborts with the same reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An input that has been drawn, with the place of its result, and how often it has been tried. */
interface Order<Input> {
  readonly input: Input;
  readonly place: number;
  readonly tries: number;
}

/**
 * Runs `task` for each of `inputs`, as many at once as the service takes. The results have the order of the inputs, whichever
 * task ends first. An input is drawn only when there is room for it.
 *
 * A refused input is tried again before new ones, after the time that the service asked for. A service does nothing for a
 * request that it refuses, so nothing happens twice. Each refusal halves the limit, unless its request was sent before the
 * last halving.
 *
 * An input that is refused at its last attempt ends as its outcome says: a rejection is a failure, a value is the result.
 *
 * After the first failure (of a task, or of `inputs` themselves) or an abort, nothing starts any more, and running tasks see
 * their signal abort. When the last of them has ended, `inputs` is closed, and the promise
 * rejects with that failure, or with the signal's reason.
 *
 * @throws {TypeError} if an option that must be a number is none, or is out of range
 */
export async function adaptive<Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  options: AdaptiveOptions<Output> = {},
): Promise<Output[]> {
  const { rule = aimd, most = Infinity, attempts = 20, refusal = refusalOf, signal } = options;
  expectCount('most', most);
  expectCount('attempts', attempts);
  signal?.throwIfAborted();

  const results: Output[] = [];
  const limit = new Limit(rule, most);
  const run = new Run();
  /** What was refused and has to be tried again. */
  const refused: Array<Order<Input>> = [];
  /** Nothing starts before this time: the service asked for it. */
  let quietUntil = -Infinity;

  async function serve(order: Order<Input>): Promise<void> {
    run.start();
    const { cuts } = limit;
    const startedAt = performance.now();
    const outcome = await settle(() => task(order.input, run.signal));
    const endedAt = performance.now();
    try {
      const quietMs = refusal(outcome);
      if (quietMs === undefined) {
        limit.answered(endedAt - startedAt);
      } else {
        quietUntil = Math.max(quietUntil, endedAt + quietMs);
        limit.refused(cuts);
      }
      if (quietMs !== undefined && order.tries < attempts) refused.push(order);
      else if (outcome.status === 'rejected') run.fail(outcome.reason);
      else results[order.place] = outcome.value;
    } catch (error) {
      run.fail(error); // `refusal` or `rule` threw. They are code of the caller.
    }
    run.end();
  }

  const onAbort = () => run.fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  let iterator: Iterator<Input> | undefined;
  /** Whether there may be more inputs. */
  let isOpen = true;
  let place = 0;

  /** What was refused comes before what is new. Undefined when there is neither. */
  function nextOrder(): Order<Input> | undefined {
    const again = refused.shift();
    if (again) return { ...again, tries: again.tries + 1 };
    if (!isOpen) return undefined;
    const next = iterator!.next();
    if (!next.done) return { input: next.value, place: place++, tries: 1 };
    isOpen = false;
    return undefined;
  }

  try {
    iterator = inputs[Symbol.iterator]();
    while (!run.failure) {
      if (quietUntil > performance.now()) {
        await until(quietUntil, run.signal);
      } else if (run.inFlight >= limit.size) {
        await run.anEnd();
      } else {
        const order = nextOrder();
        if (run.failure) break; // drawing the input may have aborted the signal
        if (order) void serve(order);
        else if (run.inFlight === 0) break;
        else await run.anEnd(); // a task in flight may be refused, and then its input comes again
      }
    }
  } catch (error) {
    isOpen = false; // an iterator that has thrown is closed
    run.fail(error);
  }
  while (run.inFlight > 0) await run.anEnd();
  signal?.removeEventListener('abort', onAbort);
  if (!run.failure) return results;
  if (isOpen) close(iterator);
  throw run.failure.reason;
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

/** How many may be in flight. It starts with one, because nothing is known yet. */
class Limit {
  readonly #rule: Rule;
  readonly #most: number;
  #limit = 1;
  /** The answers of the present round, and how long they took together. */
  #answers = 0;
  #sumMs = 0;
  #quickestMs = Infinity;
  #hadTrouble = false;
  /** How often a refusal has halved the limit. */
  #cuts = 0;

  constructor(rule: Rule, most: number) {
    this.#rule = rule;
    this.#most = most;
  }

  /** A whole number, and at least one: with zero no answer would come, and the limit could never grow again. */
  get size(): number {
    return Math.floor(this.#limit);
  }

  get cuts(): number {
    return this.#cuts;
  }

  /** Counts an answer that took so long. After the last one of a round, the rule decides. */
  answered(tookMs: number): void {
    this.#answers++;
    this.#sumMs += tookMs;
    if (this.#answers < this.size) return;
    const roundMs = this.#sumMs / this.#answers;
    this.#quickestMs = Math.min(this.#quickestMs, roundMs);
    const limit = this.#rule({
      limit: this.#limit,
      tookMs: roundMs,
      quickestMs: this.#quickestMs,
      hadTrouble: this.#hadTrouble,
    });
    if (limit < this.#limit) this.#hadTrouble = true;
    this.#set(limit);
  }

  /**
   * Counts the refusal of a request that was sent after `cuts` cuts. Refusals of one burst are one sign, so they cut once.
   */
  refused(cuts: number): void {
    if (cuts < this.#cuts) return;
    this.#cuts++;
    this.#hadTrouble = true;
    this.#set(this.#limit / 2);
  }

  #set(limit: number): void {
    this.#limit = Math.max(1, Math.min(this.#most, limit));
    this.#answers = 0;
    this.#sumMs = 0;
  }
}

/** How long we wait after a refusal that names no time, in milliseconds. */
const QUIET_MS = 100;

/**
 * For a rejection with `status` (or `statusCode`) 429 or 503: how long the service asks us to stay away, in milliseconds. It
 * says so in `retry-after-ms`, or to the second in `retry-after`. Undefined for every other outcome.
 */
export function refusalOf(outcome: PromiseSettledResult<unknown>): number | undefined {
  if (outcome.status === 'fulfilled') return undefined;
  const { status, statusCode, headers } = (outcome.reason ?? {}) as {
    readonly status?: unknown;
    readonly statusCode?: unknown;
    readonly headers?: unknown;
  };
  const code = status ?? statusCode;
  if (code !== 429 && code !== 503) return undefined;
  const field = (name: string): number => {
    const value =
      headers instanceof Headers ? headers.get(name) : (headers as Record<string, unknown>)?.[name];
    return value === null || value === undefined ? NaN : Number(value);
  };
  const waits = [field('retry-after-ms'), field('retry-after') * 1000];
  return waits.find((ms) => ms >= 0) ?? QUIET_MS;
}

/** The outcome as Promise.allSettled has it, also for a task that throws before it returns a promise. */
async function settle<Output>(
  task: () => Output | PromiseLike<Output>,
): Promise<PromiseSettledResult<Awaited<Output>>> {
  try {
    return { status: 'fulfilled', value: await task() };
  } catch (reason) {
    return { status: 'rejected', reason };
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

/** Calls `return()`. What it throws is dropped: there already is a failure to report, and that came first. */
function close(iterator: Iterator<unknown> | undefined): void {
  try {
    iterator?.return?.();
  } catch {
    // See above.
  }
}

function expectCount(name: string, value: unknown): void {
  if (value === Infinity || (Number.isInteger(value) && (value as number) > 0)) return;
  throw new TypeError(`${name}: expected a positive integer or Infinity, got ${inspect(value)}`);
}
