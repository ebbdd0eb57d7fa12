// A job queue: jobs wait in a database, and workers take them from there. A worker may be another process, also on another
// machine. The jobs survive a restart of any process. So people take a queue when one machine is not enough. The idea is two
// short loops:
//
//   async function submit(jobs, queue) {            async function work(queue, task) {
//     await queue.put(jobs);                          for (;;) {
//     while (!(await queue.allEnded(jobs)))             const [job] = await queue.take(1);
//       await sleep(100);                               if (!job) await sleep(100);
//   }                                                   else await queue.complete(job, await task(job));
//                                                     }
//                                                   }
//
// The price is a few milliseconds for each job, because the database writes it down several times: when it is put, when it
// is taken, and when it is complete. And a job may be done twice. If a worker dies after its task and before the queue
// knows, another worker gets the job. So a queue promises "at least once", and a task must be idempotent: to do it twice has
// the effect of doing it once.
//
// Needs Node 20 or later. Copy this file as it is: it imports only what Node has. You bring the queue: an object with the
// methods of `Submitting` or `Working`, for instance around pg-boss or BullMQ.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** A job that a submitter puts into the queue. */
export interface QueuedJob<Input> {
  readonly id: string;
  readonly input: Input;
}

/** How a job ended: with an output, or with the reason of its last failure. */
export type Ending<Output> = {
  readonly id: string;
  /** How often a worker began it. It is more than once if a worker died, or if the task failed before. */
  readonly attempts: number;
} & ({ readonly output: Output } | { readonly reason: unknown });

/** The queue as a submitter sees it. */
export interface Submitting<Input, Output> {
  /** Stores all of `jobs` or none. If a job with the same id is there already, it stays as it is. */
  put(jobs: ReadonlyArray<QueuedJob<Input>>): Promise<void>;
  /** The endings of those of `ids` that have ended. */
  endings(ids: readonly string[]): Promise<ReadonlyArray<Ending<Output>>>;
  /** Removes those of `ids` that no worker has begun. */
  withdraw(ids: readonly string[]): Promise<void>;
}

/** A job in the hands of a worker. */
export interface TakenJob<Input> extends QueuedJob<Input> {
  /** 1 the first time that a worker takes it. */
  readonly attempt: number;
}

/** The queue as a worker sees it. */
export interface Working<Input, Output> {
  /** Takes at most `most` of the jobs that wait. While this worker lives, no other worker gets them. */
  take(most: number): Promise<ReadonlyArray<TakenJob<Input>>>;
  complete(done: ReadonlyArray<{ readonly job: TakenJob<Input>; readonly output: Output }>): Promise<void>;
  /** Reports a failure. The queue lets the job be tried again, a limited number of times. */
  fail(job: TakenJob<Input>, reason: unknown): Promise<void>;
  /** Puts jobs back, as if nobody had taken them. For `afterMs` nobody gets them. */
  giveBack(jobs: ReadonlyArray<TakenJob<Input>>, afterMs: number): Promise<void>;
}

export interface JobQueueOptions<Input, Output> {
  /** The id of an input's job. A submitter that is started again finds its jobs by it. Default: the place among the inputs. */
  readonly idOf?: (input: Input, place: number) => string;
  /** The most jobs that wait or run: a positive integer. When some have ended, more inputs are drawn. Default: 1000. */
  readonly most?: number;
  /** Is called with every ending as soon as it is known, for progress. */
  readonly onEnding?: (ending: Ending<Output>, place: number) => void;
  /** Its abort ends the wait, and removes the jobs that no worker has begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts a job for each of `inputs` into `queue` and waits for the workers. The results have the order of the inputs,
 * whichever job ends first.
 *
 * It stops at the first job that failed for good, at a failure of `queue` or `inputs`, and at an abort. Then no more jobs are
 * put, and those that no worker has begun are removed from the queue. `inputs` is closed, and the promise rejects with the
 * job's reason, with that failure, or with the signal's reason. Jobs that a worker has begun go on: their worker may be on
 * another machine.
 *
 * @throws {TypeError} if `most` is not a positive integer
 */
export async function jobQueue<Input, Output>(
  inputs: Iterable<Input>,
  queue: Submitting<Input, Output>,
  options: JobQueueOptions<Input, Output> = {},
): Promise<Output[]> {
  const { onEnding, signal } = options;
  const results: Output[] = [];
  for await (const [place, ending] of endings(inputs, queue, { ...options, signal })) {
    onEnding?.(ending, place);
    if ('reason' in ending) throw ending.reason;
    results[place] = ending.output;
  }
  return results;
}

/**
 * Does the same as `jobQueue`, but yields the ending of each job as soon as it comes, with the place of its input. It goes on
 * after a job that failed.
 */
export async function* endings<Input, Output>(
  inputs: Iterable<Input>,
  queue: Submitting<Input, Output>,
  { idOf = (_, place) => String(place), most = 1000, signal }: JobQueueOptions<Input, Output> = {},
): AsyncGenerator<readonly [place: number, ending: Ending<Output>], void, undefined> {
  expectCount('most', most);
  signal?.throwIfAborted();
  /** The jobs that have not ended: the place of each, by its id. */
  const open = new Map<string, number>();
  const iterator = inputs[Symbol.iterator]();
  let place = 0;
  let hasMore = true;
  /** Whether the iterator has ended by itself, or has thrown. */
  let isClosed = false;

  /** Takes the next inputs, until `most` jobs are open. */
  function draw(): Array<QueuedJob<Input>> {
    const jobs: Array<QueuedJob<Input>> = [];
    while (open.size < most) {
      isClosed = true; // in case it throws: an iterator that has thrown is closed
      const next = iterator.next();
      if (next.done) {
        hasMore = false;
        break;
      }
      isClosed = false;
      const id = idOf(next.value, place);
      if (open.has(id))
        throw new TypeError(`idOf: expected another id for each input, got ${inspect(id)} twice`);
      open.set(id, place++);
      jobs.push({ id, input: next.value });
    }
    return jobs;
  }

  try {
    const questions = new Questions();
    while (hasMore || open.size > 0) {
      // Only when half of the room is free: to put a few jobs at a time would take many statements.
      const jobs = hasMore && open.size <= most / 2 ? draw() : [];
      signal?.throwIfAborted(); // drawing the inputs may have aborted it
      if (jobs.length > 0) await queue.put(jobs);
      if (open.size === 0) continue;
      signal?.throwIfAborted();
      const asked = questions.next([...open.keys()]);
      const ended = await queue.endings(asked);
      signal?.throwIfAborted();
      for (const ending of ended) {
        const placeOfInput = open.get(ending.id);
        if (placeOfInput === undefined) continue;
        open.delete(ending.id);
        yield [placeOfInput, ending];
        signal?.throwIfAborted();
      }
      // If all of them have ended, the jobs after them may have ended too: ask again at once.
      if (ended.length === asked.length) {
        questions.note(ended.length);
        continue;
      }
      const pauseMs = questions.pauseMs(ended.length, open.size);
      await sleep(pauseMs, undefined, signal && { signal }).catch(() => {});
      signal?.throwIfAborted();
    }
  } finally {
    // This also runs if the caller leaves its loop. A failure of `withdraw` is dropped: it must not hide an earlier failure,
    // and a caller that leaves gets no error.
    if (open.size > 0) await queue.withdraw([...open.keys()]).catch(() => {});
    if (!isClosed) close(iterator);
  }
}

/** The pause before the queue is asked again, in milliseconds. */
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;
/** The pause is this part of the time that the open jobs should still take. */
const PART_OF_REST = 0.5;
/** One question names at most this many of the oldest jobs, and at most this many of the others. */
const ASKED_AT_ONCE = 100;

/**
 * Decides about which jobs the queue is asked, and when. Each question takes time from the workers, because they use the same
 * database. So the next question comes after half of the time that all jobs should still take, going by their pace so far, but
 * after 250 ms at the latest.
 */
class Questions {
  /** Where the next part of the other jobs begins. */
  #nextPart = 0;
  readonly #startMs = performance.now();
  #pausedAt = this.#startMs;
  /** How many have ended since the last pause, and in all. */
  #ended = 0;
  #endedInAll = 0;
  #pauseMs = SHORTEST_PAUSE_MS;

  /** Names the oldest jobs, because they usually end first, and some of the others, because one old job may take long. */
  next(open: readonly string[]): readonly string[] {
    const others = open.slice(ASKED_AT_ONCE);
    if (this.#nextPart >= others.length) this.#nextPart = 0;
    const part = others.slice(this.#nextPart, this.#nextPart + ASKED_AT_ONCE);
    this.#nextPart += ASKED_AT_ONCE;
    return [...open.slice(0, ASKED_AT_ONCE), ...part];
  }

  note(ended: number): void {
    this.#ended += ended;
    this.#endedInAll += ended;
  }

  /** How long to wait now, in milliseconds. `left` is how many have not ended. */
  pauseMs(ended: number, left: number): number {
    this.note(ended);
    const now = performance.now();
    if (this.#ended === 0) {
      this.#pauseMs *= 1.5;
    } else {
      const recentMsPerJob = (now - this.#pausedAt) / this.#ended;
      const averageMsPerJob = (now - this.#startMs) / this.#endedInAll;
      this.#pauseMs = PART_OF_REST * left * Math.min(recentMsPerJob, averageMsPerJob);
    }
    this.#pauseMs = Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, this.#pauseMs));
    this.#pausedAt = now;
    this.#ended = 0;
    return this.#pauseMs;
  }
}

/** A task throws this to give its job back, because the job is for another worker. */
export class GiveBack extends Error {
  override readonly name = 'GiveBack';
  /** For so long nobody gets the job. */
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

export interface WorkOffOptions {
  /** The most tasks in flight at once: a positive integer. */
  readonly concurrency: number;
  /** After its abort nothing is taken any more. Running tasks may end, for `graceMs`. */
  readonly signal?: AbortSignal | undefined;
  /** If tasks still run so long after the abort, their signals abort too, and their jobs are given back. Default: 5000. */
  readonly graceMs?: number;
  /**
   * How many jobs to take before a lane is free, so that the lane need not wait for the database: an integer from 0 up. No
   * other worker can do these jobs meanwhile, so this suits short jobs. A function is asked before each question to the
   * queue: a worker that knows how many jobs wait may take many at first, and few near the end. Default: 0.
   */
  readonly inHand?: number | (() => number);
  /**
   * How long an output may wait to be stored together with others, in milliseconds, while this worker has other jobs. One
   * statement for several outputs costs less. If the worker dies meanwhile, their jobs are done again. Default: 0.
   */
  readonly storeWithinMs?: number;
  /** The longest pause before an empty queue is asked again, in milliseconds. Default: 500. */
  readonly longestPauseMs?: number;
}

/** What a worker did. */
export interface WorkedOff {
  readonly completed: number;
  readonly failed: number;
  readonly givenBack: number;
}

/**
 * A worker: it takes jobs from `queue` and runs `task` for each, until `signal` aborts. It is a bounded pool whose inputs come
 * from the queue. It asks for as many jobs as it has free lanes. It asks again when a lane is free; if the queue had too few
 * jobs, it first pauses. So a slow job holds up only its own lane. Outputs that come while others are being stored are stored
 * together.
 *
 * If a task throws, it has failed, and the queue decides whether it is tried again. No job is lost: when the promise resolves,
 * each job that was taken has been completed, failed or given back.
 *
 * The promise rejects only if the queue itself fails. Then the signals of the running tasks abort, and the promise waits for
 * the end of these tasks.
 *
 * @throws {TypeError} if an option is no number, or is out of range
 */
export async function workOff<Input, Output>(
  queue: Working<Input, Output>,
  task: (input: Input, signal: AbortSignal, job: TakenJob<Input>) => Output | PromiseLike<Output>,
  options: WorkOffOptions,
): Promise<WorkedOff> {
  const {
    concurrency,
    signal,
    graceMs = 5000,
    inHand = 0,
    storeWithinMs = 0,
    longestPauseMs = 500,
  } = options;
  expectCount('concurrency', concurrency);
  const mostInHand = (): number => {
    const most = typeof inHand === 'function' ? inHand() : inHand;
    expectNumber('inHand', most, (count) => Number.isInteger(count) && count >= 0, 'an integer from 0 up');
    return most;
  };
  mostInHand();
  expectTime('graceMs', graceMs);
  expectTime('storeWithinMs', storeWithinMs);
  expectTime('longestPauseMs', longestPauseMs);
  const tally = { completed: 0, failed: 0, givenBack: 0 };
  const running = new Set<Promise<void>>();
  const stopTasks = new AbortController();
  /** The first failure of the queue. An object, because anything may be thrown. */
  let failure: { readonly reason: unknown } | undefined;
  /** Aborts with the first failure, or with `signal`. Then nothing is taken any more. */
  const stop = new AbortController();
  /** Wakes the loop below when a lane is free, or when it has to stop. */
  let wake = (): void => {};

  function leave(): void {
    stop.abort();
    storeNow();
    wake();
  }

  function fail(reason: unknown): void {
    failure ??= { reason };
    stopTasks.abort(reason);
    leave();
  }

  /** Outputs that are not stored yet. `storing` is the promise of the store that runs now. */
  let unstored: Array<{ readonly job: TakenJob<Input>; readonly output: Output }> = [];
  let storing: Promise<void> | undefined;
  /** Ends the wait for outputs that can be stored together. */
  let storeNow = (): void => {};
  /** Jobs that were taken and are not begun. */
  const hand: Array<TakenJob<Input>> = [];
  const hasOtherJobs = () => running.size + hand.length > 0;

  /** Resolves after `storeWithinMs`, or as soon as no other output will come. */
  async function othersToStore(): Promise<void> {
    if (storeWithinMs === 0 || !hasOtherJobs() || stop.signal.aborted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      storeNow = resolve;
      timer = setTimeout(resolve, Math.min(storeWithinMs, LONGEST_TIMER_MS));
    });
    clearTimeout(timer);
  }

  async function storeAll(): Promise<void> {
    while (unstored.length > 0) {
      await othersToStore();
      const done = unstored;
      unstored = [];
      await queue.complete(done);
      tally.completed += done.length;
    }
    storing = undefined;
  }

  async function run(job: TakenJob<Input>): Promise<void> {
    try {
      const output = await task(job.input, stopTasks.signal, job);
      unstored.push({ job, output });
    } catch (reason) {
      await settleFailed(job, reason);
      return;
    }
    // Tasks that end in the same turn are stored together.
    await Promise.resolve();
    storing ??= storeAll().catch(fail);
  }

  async function settleFailed(job: TakenJob<Input>, reason: unknown): Promise<void> {
    try {
      if (reason instanceof GiveBack || stopTasks.signal.aborted) {
        await queue.giveBack([job], reason instanceof GiveBack ? reason.afterMs : 0);
        tally.givenBack++;
      } else {
        await queue.fail(job, reason);
        tally.failed++;
      }
    } catch (error) {
      fail(error);
    }
  }

  /** Begins jobs until no lane is free. */
  function begin(): void {
    while (running.size < concurrency && !stop.signal.aborted) {
      const job = hand.shift();
      if (!job) return;
      const lane = run(job).finally(() => {
        running.delete(lane);
        begin();
        if (!hasOtherJobs()) storeNow();
        wake();
      });
      running.add(lane);
    }
  }

  signal?.addEventListener('abort', leave);
  if (signal?.aborted) leave();
  /**
   * The pause before the next question. There is none if the queue gave all that was asked for: there may be more. It is short
   * if the queue gave some. If it gave none, the pause about doubles, up to `longestPauseMs`.
   */
  let pauseMs = 0;
  while (!stop.signal.aborted) {
    const most = concurrency + mostInHand();
    const room = most - running.size - hand.length;
    if (room <= 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    // If the queue stores outputs more slowly than tasks end, outputs must not pile up here.
    if (unstored.length >= most) {
      storeNow();
      await storing;
      continue;
    }
    try {
      const jobs = await queue.take(room);
      hand.push(...jobs);
      begin();
      if (jobs.length === room) pauseMs = 0;
      else if (jobs.length > 0) pauseMs = SHORTEST_PAUSE_MS;
      else pauseMs = Math.min(longestPauseMs, SHORTEST_PAUSE_MS + 2 * pauseMs);
    } catch (error) {
      fail(error);
    }
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
  }
  signal?.removeEventListener('abort', leave);

  const grace = setTimeout(() => stopTasks.abort(signal?.reason), Math.min(graceMs, LONGEST_TIMER_MS));
  // After an abort nothing is begun. So what is in hand goes back.
  if (!failure && hand.length > 0) {
    await queue.giveBack(hand, 0).then(() => (tally.givenBack += hand.length), fail);
  }
  await Promise.all(running);
  clearTimeout(grace);
  await storing;
  if (failure) throw failure.reason;
  return tally;
}

/** The longest timer of Node is 2 ** 31 - 1 ms, about 25 days. A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls `return()`, and drops what it throws: it must not hide an earlier failure. */
function close(iterator: Iterator<unknown>): void {
  try {
    iterator.return?.();
  } catch {
    // See above.
  }
}

/** The type is checked first: to compare a symbol throws an error that does not name the option. */
function expectNumber(
  name: string,
  value: unknown,
  isFine: (value: number) => boolean,
  expected: string,
): void {
  if (typeof value === 'number' && isFine(value)) return;
  throw new TypeError(`${name}: expected ${expected}, got ${inspect(value)}`);
}

const expectCount = (name: string, value: unknown): void =>
  expectNumber(name, value, (count) => Number.isInteger(count) && count > 0, 'a positive integer');

const expectTime = (name: string, value: unknown): void =>
  expectNumber(name, value, (ms) => ms >= 0, 'a number from 0 up');
