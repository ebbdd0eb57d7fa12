// For tests: holds requests back until the test lets them go. A test then waits for a state, for instance "three
// requests are in flight", and never for an amount of time.

export class Gate {
  /** Lets one held request go, in the order of arrival. */
  readonly #held: Array<() => void> = [];
  readonly #watchers: Array<{ readonly count: number; readonly reached: () => void }> = [];

  /** How many requests are held now. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * What a handler awaits. Resolves when the test lets the request go.
   * It also resolves when the client goes away: the handler then sees that its signal is aborted.
   */
  async pass(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const leave = () => {
      const place = this.#held.indexOf(resolve);
      if (place >= 0) this.#held.splice(place, 1);
      resolve();
    };
    this.#held.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    for (const watcher of this.#watchers) {
      if (this.held >= watcher.count) watcher.reached();
    }
    await promise;
    signal.removeEventListener('abort', leave);
  }

  /** Resolves once `count` requests are held at the same time. */
  async waitFor(count: number): Promise<void> {
    if (this.held >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watchers.push({ count, reached: resolve });
    await promise;
  }

  /** Lets the first `count` requests go, in the order of their arrival. Without a count it lets all of them go. */
  letGo(count = Infinity): void {
    for (const release of this.#held.splice(0, count)) release();
  }
}
