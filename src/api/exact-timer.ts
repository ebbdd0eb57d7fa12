// Lets requests wait until a moment, exact to a fraction of a millisecond. A `setTimeout` for each request is not good
// enough. Node rounds timers to whole milliseconds and counts from the start of the current turn of the event loop, so
// after a burst of requests a timer fires too early. And Node runs all timers that are due before it reads from any
// socket, so new requests would wait unseen behind old answers. The mock would then add its own delays to every
// measurement. Here one timer serves all requests, and it stops after a few answers so that the loop can read.
import { now, timerLength } from './clock.ts';

interface WaitingRequest {
  /** On the clock of `now()`. */
  readonly due: number;
  readonly resume: () => void;
}

/** Requests that are resumed before the event loop may read new ones. */
const RESUMED_PER_TURN = 4;

/**
 * A timer fires up to a millisecond late, and counts only whole milliseconds. So the last one to two milliseconds are waited for
 * turn by turn.
 */
const TIMER_LATENESS_MS = 1;

export class ExactTimer {
  /** The earliest `due` first. */
  readonly #waiting: WaitingRequest[] = [];
  /** Cancels the timer or the turn that is planned now. */
  #cancelWake: (() => void) | undefined;
  /** What the clock showed when the last wake was planned. */
  #plannedAt = -1;

  /**
   * Resolves at `due` on the clock of `now()`. It never resolves earlier, and never in the same turn of the event loop:
   * an answer that needs microtasks alone would keep every timer of the client's thread from running.
   * @throws the signal's reason when the client goes away
   */
  async until(due: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: WaitingRequest = { due, resume: resolve };
    const leave = () => {
      this.#remove(waiting);
      reject(signal.reason as Error);
    };
    this.#insert(waiting);
    signal.addEventListener('abort', leave);
    await promise;
    signal.removeEventListener('abort', leave);
  }

  #insert(waiting: WaitingRequest): void {
    // Most requests wait equally long, so the right place is nearly always the last one.
    const place = this.#waiting.findLastIndex((other) => other.due <= waiting.due) + 1;
    this.#waiting.splice(place, 0, waiting);
    if (place === 0) this.#planWake();
  }

  #remove(waiting: WaitingRequest): void {
    const place = this.#waiting.indexOf(waiting);
    // It may have been resumed in this very turn, and then it has no place any more.
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    // The timer was for this request. It must not stay, or it would keep a process alive that wants to end.
    if (place === 0) this.#planWake();
  }

  #resumeDue(): void {
    for (let count = 0; count < RESUMED_PER_TURN; count++) {
      const first = this.#waiting[0];
      if (!first || first.due > now()) break;
      this.#waiting.shift();
      first.resume();
    }
    this.#planWake();
  }

  /** Plans one wake for the request that is due first, in place of the wake that was planned before. */
  #planWake(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const first = this.#waiting[0];
    if (!first) return;
    const time = now();
    // A clock that shows the same time in two turns is a virtual one. Only timers move it, so turns would not help.
    const isVirtual = time === this.#plannedAt;
    this.#plannedAt = time;
    const timerMs = Math.floor(first.due - time) - TIMER_LATENESS_MS;
    if (timerMs < 1 && (first.due <= time || !isVirtual)) {
      const turn = setImmediate(() => this.#resumeDue());
      this.#cancelWake = () => clearImmediate(turn);
      return;
    }
    // A wait that is longer than a timer can be takes several of them.
    const timer = setTimeout(() => this.#resumeDue(), timerLength(Math.max(timerMs, 1)));
    this.#cancelWake = () => clearTimeout(timer);
  }
}
