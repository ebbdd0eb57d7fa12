// When to stop an approach that runs the reader's own work. A real server may stand behind it: one that refuses is not to be
// asked a thousand times more, and a call that never ends must not be waited for.
import { FailureCounts } from './failures.ts';
import type { Recorded } from './recorded.ts';

/** A run in which more than this part of the tasks has failed is stopped. */
export const MOST_FAILED = 1 / 5;
/** Kinds of failures that are named. */
const KINDS = 3;

/** An approach was stopped; the message says why. */
export class GivenUpError extends Error {
  override readonly name = 'GivenUpError';
}

/** Counts how the tasks of a run end, and aborts the run's signal once enough have failed. */
export class GiveUp {
  readonly #stop = new AbortController();
  readonly #hanging = Promise.withResolvers<never>();
  #tasks = 0;
  #failed = 0;
  #counts = new FailureCounts();

  constructor() {
    this.#hanging.promise.catch(() => {}); // whoever runs something hears it too
  }

  /** Aborts with a `GivenUpError`. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** A run of so many tasks begins. */
  begin(tasks: number): void {
    this.#tasks = tasks;
    this.#failed = 0;
    this.#counts = new FailureCounts();
  }

  add({ span }: Pick<Recorded, 'span'>): void {
    if (span.outcome === 'ok' || this.signal.aborted) return;
    this.#failed++;
    this.#counts.add(span);
    if (this.#failed <= MOST_FAILED * this.#tasks) return;
    const kinds = this.#counts.texts();
    const others = kinds.length > KINDS ? ', and others' : '';
    this.#stop.abort(
      new GivenUpError(
        `stopped when ${this.#failed} of ${this.#tasks} tasks had failed, more than a fifth: ${kinds.slice(0, KINDS).join(', ')}${others}`,
      ),
    );
  }

  /** The task of this input does not end, although its signal has aborted. */
  hangs(input: number, timeoutMs: number): void {
    const reason = this.signal.aborted
      ? (this.signal.reason as Error)
      : new GivenUpError(
          `stopped because the task of input ${input} did not end within ${timeoutMs} ms (--timeout), nor when its signal aborted`,
        );
    this.#stop.abort(reason);
    this.#hanging.reject(reason);
  }

  /** What `run` returns. @throws {GivenUpError} as soon as one of its tasks hangs; what `run` throws */
  watch<Result>(run: Promise<Result>): Promise<Result> {
    return Promise.race([run, this.#hanging.promise]);
  }
}
