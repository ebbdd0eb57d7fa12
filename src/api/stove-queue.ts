// A number of stoves, and a queue for them: first come, first served. In the terms of the field, a semaphore with a
// bounded queue. It keeps no clock: whoever gives a stove back says when that was, and the next one starts at exactly
// that time. So a kitchen that is always full serves its stoves' worth of orders and does not lose time between two.
import type { Stoves } from './limits.ts';

interface WaitingRequest {
  start(at: number): void;
}

export class StoveQueue {
  readonly #places: number;
  readonly #queue: WaitingRequest[] = [];
  #free: number;

  constructor({ count, queue = Infinity }: Stoves) {
    this.#free = count;
    this.#places = queue;
  }

  /** Requests that wait for a stove now. */
  get length(): number {
    return this.#queue.length;
  }

  get hasFreeStove(): boolean {
    return this.#free > 0;
  }

  get isFull(): boolean {
    return this.#free === 0 && this.#queue.length >= this.#places;
  }

  /**
   * Takes a stove at time `at`, or waits in the queue for one. Resolves to the time from which it is ours.
   * Look at `isFull` first. Whoever takes a stove must give it back.
   * @throws the signal's reason when the client goes away while it waits
   */
  async take(at: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return at;
    }
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const waiting: WaitingRequest = { start: resolve };
    const leave = () => {
      const place = this.#queue.indexOf(waiting);
      // It may have been given a stove in this very turn. Then it has left the queue, and gives the stove back.
      if (place < 0) return;
      this.#queue.splice(place, 1);
      reject(signal.reason as Error);
    };
    this.#queue.push(waiting);
    signal.addEventListener('abort', leave);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Gives a stove back at time `at`. The first of the queue gets it. */
  giveBack(at: number): void {
    const next = this.#queue.shift();
    if (next) next.start(at);
    else this.#free++;
  }
}
