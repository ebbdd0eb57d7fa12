// How the API behaves: how slow, how uneven. Plain data, so that it travels to a server process or a worker
// thread, plus a gate for tests, which stays in the process that made it.
import type { Faults } from './faults.ts';
import { chance } from './random.ts';

export interface Conditions {
  /** What the kitchen takes for every order, in milliseconds. */
  readonly latencyMs: number;
  /** Up to so much more, in milliseconds, drawn by the seed for each order. */
  readonly jitterMs: number;
  readonly seed: number;
  /** What goes wrong, and how often. */
  readonly faults?: Faults;
}

export const INSTANT: Conditions = { latencyMs: 0, jitterMs: 0, seed: 1 };

/** How long order `id` takes under these conditions, in milliseconds. */
export function latencyOf(id: number, { latencyMs, jitterMs, seed }: Conditions): number {
  return latencyMs + jitterMs * chance(seed, 'latency', id);
}

/** Holds requests back until the test lets them go, so that a test waits for states and never for time. */
export class Gate {
  readonly #held: Array<() => void> = [];
  readonly #watchers: Array<{ count: number; reached: () => void }> = [];

  /** Requests that stand at the gate now. */
  get held(): number {
    return this.#held.length;
  }

  /** What a handler awaits. Ends without error when the client goes away: the handler looks at its signal. */
  async pass(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const leave = () => {
      const place = this.#held.indexOf(resolve);
      if (place >= 0) this.#held.splice(place, 1);
      resolve();
    };
    this.#held.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    for (const watcher of this.#watchers) if (this.held >= watcher.count) watcher.reached();
    await promise;
    signal.removeEventListener('abort', leave);
  }

  /** Resolves once `count` requests stand at the gate at the same time. */
  async waitFor(count: number): Promise<void> {
    if (this.held >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watchers.push({ count, reached: resolve });
    await promise;
  }

  /** Lets the first `count` requests go, in the order of their arrival; all of them without a count. */
  letGo(count = Infinity): void {
    for (const release of this.#held.splice(0, count)) release();
  }
}
