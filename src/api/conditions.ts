// How the API behaves: how slow it is, how uneven, and what goes wrong. Plain data, so that it can travel to a server
// process or a worker thread.
import type { Faults } from './faults.ts';
import { checkLimits, type Rate, type Stoves } from './limits.ts';
import { chance } from './random.ts';

export interface Conditions {
  /** How long every order takes, in milliseconds. */
  readonly latencyMs: number;
  /** At most this much is added to the latency, in milliseconds. The seed decides how much for each order. */
  readonly jitterMs: number;
  readonly seed: number;
  /** What goes wrong, and how often. */
  readonly faults?: Faults;
  /**
   * How many orders are cooked at once. Without it, any number. A server is one kitchen for all its clients. With
   * interception each thread has a kitchen of its own, so this limit and the next are those of one thread.
   */
  readonly stoves?: Stoves;
  /** How many requests are let in. Without it, any number. */
  readonly rate?: Rate;
}

export const INSTANT: Conditions = { latencyMs: 0, jitterMs: 0, seed: 1 };

/** How long order `id` takes under these conditions, in milliseconds. */
export function latencyOf(id: number, { latencyMs, jitterMs, seed }: Conditions): number {
  return latencyMs + jitterMs * chance(seed, 'latency', id);
}

/**
 * Checks what a program passes. The command line has checked its own numbers before.
 * @throws {RangeError} that names the condition, what was expected and what came
 */
export function checkConditions(conditions: Conditions): void {
  for (const name of ['latencyMs', 'jitterMs'] as const) {
    const value = conditions[name];
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`Expected ${name} to be milliseconds from 0 up, got ${String(value)}.`);
    }
  }
  if (!Number.isSafeInteger(conditions.seed)) {
    throw new RangeError(`Expected seed to be a whole number, got ${String(conditions.seed)}.`);
  }
  checkLimits(conditions);
}
