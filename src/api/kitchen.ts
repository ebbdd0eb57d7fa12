// Where requests wait for their latency, exact to a fraction of a millisecond. One timer for each request will
// not do: Node rounds to whole milliseconds and counts from the start of the turn, so that after a burst a
// timer fires early, and it runs all timers that are due before it reads from any socket, so that new requests
// queue unseen behind old answers. That would be the mock's price in every figure; here it is the mock's latency.
import { now } from './clock.ts';

interface Waiting {
  readonly due: number;
  readonly serve: () => void;
}

/** Answers handed out before the event loop may read new requests again. */
const ANSWERS_PER_TURN = 4;

export class Kitchen {
  /** Ordered by `due`, the earliest first. */
  readonly #waiting: Waiting[] = [];
  #wake: (() => void) | undefined;
  #lastTurn = -1;

  /**
   * Resolves at `due` on the `now()` clock, never before it and never within the same turn: answering within
   * microtasks would starve every timer of the client's thread.
   * @throws the signal's reason once the client has gone
   */
  async until(due: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const order: Waiting = { due, serve: resolve };
    const leave = () => {
      // Served already, in this very turn: there is no place to give up, and -1 would be somebody else's.
      const place = this.#waiting.indexOf(order);
      if (place >= 0) this.#waiting.splice(place, 1);
      // The timer was for this order: nothing may be left of it, or it keeps a server from ending.
      if (place === 0) this.#sleep();
      reject(signal.reason as Error);
    };
    // Nearly always the last place, since most orders take equally long.
    this.#waiting.splice(this.#waiting.findLastIndex((other) => other.due <= due) + 1, 0, order);
    signal.addEventListener('abort', leave);
    if (this.#waiting[0] === order) this.#sleep();
    await promise;
    signal.removeEventListener('abort', leave);
  }

  #serve(): void {
    for (let count = 0; count < ANSWERS_PER_TURN; count++) {
      const first = this.#waiting[0];
      if (!first || first.due > now()) break;
      this.#waiting.shift();
      first.serve();
    }
    this.#sleep();
  }

  #sleep(): void {
    this.#wake?.();
    this.#wake = undefined;
    const first = this.#waiting[0];
    if (!first) return;
    // A timer is up to a millisecond late: aim one short, and take the rest turn by turn. A clock that stands
    // still from one turn to the next is a virtual one, and only timers move it.
    const time = now();
    const left = Math.floor(first.due - time) - 1;
    if (left < 1 && (first.due <= time || time !== this.#lastTurn)) {
      const immediate = setImmediate(() => this.#serve());
      this.#wake = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.#serve(), Math.max(left, 1));
      this.#wake = () => clearTimeout(timer);
    }
    this.#lastTurn = time;
  }
}
