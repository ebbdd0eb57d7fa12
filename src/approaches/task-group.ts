// Tasks that live and die together: structured concurrency, as Python 3.11 has it in its TaskGroup. If one task fails, its
// siblings are told to stop. The block ends when all have ended, and it reports every failure. No task runs on behind it.
//
// Needs Node 20 or later. Copy this file as it is: it imports nothing. The syntax `await using` needs Node 24, or a compiler
// that translates it; `TaskGroup.run` does without.

/** `await TaskGroup.run(async (group, signal) => { … })`; or `await using group = new TaskGroup()`. */
export class TaskGroup implements AsyncDisposable {
  /** Aborts when a task has failed, or when the outer signal aborts. Every task gets it. */
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** What the tasks threw, each error once, in the order it happened. */
  readonly #failures = new Set<unknown>();
  /** Whether a task ended early because the group told it to. */
  #wasCutShort = false;
  /** Whether the block has ended: nothing can be started any more. */
  #hasEnded = false;
  #leaveOuterSignal = (): void => {};

  /** @param options.signal an outer signal: its abort reaches every task, with its reason */
  constructor({ signal: outer }: { readonly signal?: AbortSignal | undefined } = {}) {
    this.signal = this.#stop.signal;
    if (!outer) return;
    const stop = () => this.#stop.abort(outer.reason);
    if (outer.aborted) stop();
    outer.addEventListener('abort', stop);
    this.#leaveOuterSignal = () => outer.removeEventListener('abort', stop);
  }

  /**
   * Runs `block` as the first task of a new group, and resolves with its result when the last task has ended. What the block
   * throws stops the tasks, and a task that fails stops the block, if it listens to its `signal`. Prefer this to `await
   * using`, with which the group does not learn that its block has thrown.
   * @throws like `[Symbol.asyncDispose]`
   */
  static async run<Output>(
    block: (group: TaskGroup, signal: AbortSignal) => Output | PromiseLike<Output>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Output> {
    const group = new TaskGroup(options);
    const result = group.start((signal) => block(group, signal));
    await group[Symbol.asyncDispose]();
    return result;
  }

  /**
   * Starts a task at once, unless the group has been stopped. Resolves or rejects as the task does; in a stopped group it
   * rejects with the reason of the stop. Nobody has to wait for this promise: the group reports every failure.
   * @throws {Error} after the end of the block
   */
  start<Output>(task: (signal: AbortSignal) => Output | PromiseLike<Output>): Promise<Output> {
    if (this.#hasEnded) throw new Error('start: the block of this group has ended');
    const promise = this.#call(task);
    const ended = promise.then(
      () => {},
      (error: unknown) => this.#fail(error),
    );
    this.#running.add(ended);
    void ended.then(() => this.#running.delete(ended));
    return promise;
  }

  /** Async, so that a task which throws at once rejects like any other. */
  async #call<Output>(task: (signal: AbortSignal) => Output | PromiseLike<Output>): Promise<Output> {
    this.signal.throwIfAborted();
    return task(this.signal);
  }

  #fail(error: unknown): void {
    if (this.signal.aborted && !this.#isOwnOrUnreadable(error)) {
      this.#wasCutShort = true;
      return;
    }
    this.#failures.add(error);
    this.#stop.abort(error);
  }

  /**
   * If looking into an error throws (a getter, or a chain that is too deep), it counts as a failure of its own. Otherwise this
   * throw would take the place of the report.
   */
  #isOwnOrUnreadable(error: unknown): boolean {
    try {
      return this.#isOwnFailure(error);
    } catch {
      return true;
    }
  }

  /**
   * Whether a task has failed by itself, once the group has been stopped. It has not if it only obeyed (it threw the
   * signal's reason, or an AbortError), or if it awaited another task that failed. The same holds for an error that is made
   * of such errors alone: `Promise.any` makes one, and so may a group inside this group.
   */
  #isOwnFailure(error: unknown, seen = new Set<unknown>()): boolean {
    if (error === this.signal.reason || this.#failures.has(error) || seen.has(error)) return false;
    if (!(error instanceof Error)) return true;
    if (error.name === 'AbortError') return false;
    seen.add(error);
    const inner = innerErrorsOf(error);
    return inner.length === 0 || inner.some((one) => this.#isOwnFailure(one, seen));
  }

  /**
   * The end of the block: waits for every task, also for those that tasks start meanwhile. Only the first call throws.
   * @throws {AggregateError} if a task failed. It holds each failure once, in the order they happened
   * @throws the outer signal's reason, if that ended a task early and no task failed
   */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#leaveOuterSignal();
    if (this.#failures.size > 0) throw new AggregateError(this.#failures, 'tasks of the group failed');
    if (this.#wasCutShort) throw this.signal.reason;
  }
}

/**
 * The errors inside an AggregateError, or inside a SuppressedError. JavaScript makes a SuppressedError if a `using` block
 * throws and then disposing throws too.
 */
function innerErrorsOf(error: Error): unknown[] {
  if ('errors' in error && Array.isArray(error.errors)) return error.errors;
  if ('error' in error && 'suppressed' in error) return [error.error, error.suppressed];
  return [];
}
