// Where every order and every page of the site is made. A request is counted when it arrives. If the API has a rate or a
// number of stoves, it may be refused or has to wait. Then it takes its time. The restaurant's kitchen stands for
// whatever a real API waits for, such as a database.
import { now } from './clock.ts';
import type { Conditions } from './conditions.ts';
import type { Counters } from './counters.ts';
import { ExactTimer } from './exact-timer.ts';
import type { Gate } from './gate.ts';
import { RateLimit } from './rate-limit.ts';
import { StoveQueue } from './stove-queue.ts';

export interface KitchenOptions {
  readonly conditions: Pick<Conditions, 'stoves' | 'rate'>;
  readonly counters: Counters;
  /** Holds every request back until a test lets it go. It holds its stove meanwhile. The latency counts from then on. */
  readonly gate?: Gate | undefined;
}

/** Why a request is not cooked: the status of its answer, and after how long another try makes sense, in milliseconds. */
export interface Refusal {
  readonly status: 429 | 503;
  readonly retryAfterMs: number;
}

/** `left`: the client has gone away, and nobody waits for an answer. */
export type Outcome = 'cooked' | 'left' | Refusal;

export class Kitchen {
  readonly #timer = new ExactTimer();
  readonly #counters: Counters;
  readonly #gate: Gate | undefined;
  readonly #stoves: StoveQueue | undefined;
  readonly #rate: RateLimit | undefined;
  #epoch: number;

  constructor({ conditions: { stoves, rate }, counters, gate }: KitchenOptions) {
    this.#counters = counters;
    this.#epoch = counters.epoch;
    this.#gate = gate;
    this.#stoves = stoves && new StoveQueue(stoves);
    this.#rate = rate && new RateLimit(rate);
  }

  /**
   * Counts a request as started and cooks for `latencyMs`. The caller counts the end of what is cooked, once it is
   * answered. For all other requests the end is counted here.
   */
  async cook(latencyMs: number, signal: AbortSignal): Promise<Outcome> {
    const arrivedAt = now();
    this.#counters.start();
    this.#startAnewWithCounters();
    const waitMs = this.#rate?.enter(arrivedAt) ?? 0;
    if (waitMs > 0) return this.#refuse(429, waitMs);
    // A place in the queue is free after about one more order.
    if (this.#stoves?.isFull) return this.#refuse(503, latencyMs);
    try {
      const startedAt = await this.#stove(arrivedAt, signal);
      await this.#cookOn(startedAt, latencyMs, signal);
      return 'cooked';
    } catch {
      this.#counters.end('aborted');
      return 'left';
    }
  }

  /** After a reset of the counters, a run must not depend on how much of the rate earlier runs have used. */
  #startAnewWithCounters(): void {
    const { epoch } = this.#counters;
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#rate?.reset();
  }

  #refuse(status: Refusal['status'], waitMs: number): Refusal {
    this.#counters.refuse();
    this.#counters.end('completed');
    return { status, retryAfterMs: Math.max(1, Math.ceil(waitMs)) };
  }

  /** Waits for a stove. Resolves to the time from which it may cook. */
  async #stove(arrivedAt: number, signal: AbortSignal): Promise<number> {
    const stoves = this.#stoves;
    if (!stoves) return arrivedAt;
    if (stoves.hasFreeStove) return stoves.take(arrivedAt, signal);
    this.#counters.enterQueue();
    // A stove counts as free from the exact end of an order, but it is given back a moment later. That end may lie before
    // the arrival of this request.
    let startedAt = arrivedAt;
    try {
      startedAt = Math.max(arrivedAt, await stoves.take(arrivedAt, signal));
      return startedAt;
    } catch (error) {
      startedAt = now();
      throw error;
    } finally {
      this.#counters.leaveQueue(startedAt - arrivedAt);
    }
  }

  /** Cooks from `startedAt` on, and gives the stove back whatever happens. */
  async #cookOn(startedAt: number, latencyMs: number, signal: AbortSignal): Promise<void> {
    let doneAt = startedAt + latencyMs;
    try {
      if (this.#gate) {
        await this.#gate.pass(signal);
        doneAt = now() + latencyMs;
      }
      await this.#timer.until(doneAt, signal);
    } catch (error) {
      doneAt = now();
      throw error;
    } finally {
      this.#stoves?.giveBack(doneAt);
    }
  }
}
