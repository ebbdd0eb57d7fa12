// Lets in so many requests in a second, and a burst after a quiet time. It is a token bucket, written as the generic cell
// rate algorithm: instead of counting tokens it remembers when the bucket will be full again, which loses nothing to
// rounding.
import type { Rate } from './limits.ts';

/** Times are sums of fractions: a request that is due now must not be late by a rounding error, in milliseconds. */
const ROUNDING_MS = 1e-6;

export class RateLimit {
  /** The time that one request takes of the rate. */
  readonly #intervalMs: number;
  /** How much earlier than its own time a request may come. */
  readonly #burstMs: number;
  #fullAgainAt = -Infinity;

  constructor({ perSecond, burst }: Rate) {
    this.#intervalMs = 1000 / perSecond;
    this.#burstMs = (burst - 1) * this.#intervalMs;
  }

  /** Forgets who has come so far: a burst is let in again. */
  reset(): void {
    this.#fullAgainAt = -Infinity;
  }

  /** Milliseconds until a request is let in; 0 lets this one in, at time `at`. */
  enter(at: number): number {
    const waitMs = this.#fullAgainAt - this.#burstMs - at;
    if (waitMs > ROUNDING_MS) return waitMs;
    this.#fullAgainAt = Math.max(this.#fullAgainAt, at) + this.#intervalMs;
    return 0;
  }
}
