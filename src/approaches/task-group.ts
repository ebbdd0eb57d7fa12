// Tasks that live and die together. If one fails, its siblings are told to stop; the block ends when all have
// ended, and reports every failure. Nothing runs on behind it. It is what Python 3.11 calls a TaskGroup.

type Options = { readonly signal?: AbortSignal | undefined };

/** `await using group = new TaskGroup();`, or `TaskGroup.run` where the block itself may throw. */
export class TaskGroup implements AsyncDisposable {
  readonly #running = new Set<Promise<unknown>>();
  readonly #failures: unknown[] = [];
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #cutShort = false;
  #ended = false;

  /** An abort of the outer `signal` reaches every task. */
  constructor({ signal }: Options = {}) {
    this.#signal = AbortSignal.any(signal ? [signal, this.#stop.signal] : [this.#stop.signal]);
  }

  /** A block as a task of its own group. `await using` learns of no throw in its block; this stops the siblings. */
  static async run<Output>(block: (group: TaskGroup) => Promise<Output>, options?: Options): Promise<Output> {
    const group = new TaskGroup(options);
    const result = group.start(() => block(group));
    await group[Symbol.asyncDispose]();
    return result;
  }

  /**
   * Starts a task at once; after a failure or an abort it rejects instead. The promise may be ignored.
   * @throws {Error} after the end of the block
   */
  start<Output>(task: (signal: AbortSignal) => Output | PromiseLike<Output>): Promise<Output> {
    if (this.#ended) throw new Error('start: the block of this group has ended');
    const promise = Promise.try(() => (this.#signal.throwIfAborted(), task(this.#signal)));
    const over = promise.catch((error) => this.#fail(error)).finally(() => this.#running.delete(over));
    this.#running.add(over);
    return promise;
  }

  #fail(error: unknown): void {
    const { aborted, reason } = this.#signal;
    const obeyed = aborted && (error === reason || (error instanceof Error && error.name === 'AbortError'));
    if (obeyed) this.#cutShort = true;
    else this.#failures.push(error);
    if (!obeyed) this.#stop.abort(error);
  }

  /**
   * The end of the block: waits for every task, also for those that tasks start meanwhile.
   * @throws {AggregateError} of all failures, even of one, in the order they happened
   * @throws the outer signal's reason if that cut a task short
   */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#ended = true;
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'tasks of the group failed');
    if (this.#cutShort) throw this.#signal.reason;
  }
}
