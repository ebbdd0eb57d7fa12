// Where every order and every page of the site is made: it is counted when it arrives, may be held at a gate, and
// takes its time. The restaurant's kitchen stands for whatever a real API waits for, such as a database.
import { now } from './clock.ts';
import type { Counters } from './counters.ts';
import { ExactTimer } from './exact-timer.ts';
import type { Gate } from './gate.ts';

export interface KitchenOptions {
  readonly counters: Counters;
  /** Holds every request back until a test lets it go. The latency counts from then on. */
  readonly gate?: Gate | undefined;
}

export class Kitchen {
  readonly #timer = new ExactTimer();
  readonly #counters: Counters;
  readonly #gate: Gate | undefined;

  constructor({ counters, gate }: KitchenOptions) {
    this.#counters = counters;
    this.#gate = gate;
  }

  /**
   * Counts a request as started and cooks for `latencyMs`. Resolves to whether there is somebody to answer: a request
   * whose client has gone away is counted as aborted. For the others the caller counts the end.
   */
  async cook(latencyMs: number, signal: AbortSignal): Promise<boolean> {
    let startMs = now();
    this.#counters.start();
    try {
      if (this.#gate) {
        await this.#gate.pass(signal);
        startMs = now();
      }
      await this.#timer.until(startMs + latencyMs, signal);
      return true;
    } catch {
      this.#counters.end('aborted');
      return false;
    }
  }
}
