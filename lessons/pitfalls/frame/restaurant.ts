// The mocked API as the pitfalls use it: intercepted in this thread, counted, and, where a version asks for it,
// behind a gate. So each symptom is a matter of order and count, and never of time.
import { setImmediate as turn } from 'node:timers/promises';
import { Gate, INSTANT } from '../../../src/api/conditions.ts';
import { Counters, type Stats } from '../../../src/api/counters.ts';
import { ORIGIN } from '../../../src/api/handlers.ts';
import { intercept } from '../../../src/api/intercept.ts';
import type { Order } from '../../../src/api/orders.ts';

export interface Restaurant extends Disposable {
  /** What the API has seen so far. */
  readonly stats: Stats;
  /** With `gated`, orders wait here until they are let go; otherwise nobody comes by. */
  readonly gate: Gate;
}

/** Opens the mocked API for this thread; it closes with the block (`using`). */
export function openRestaurant({ gated = false } = {}): Restaurant {
  const [counters, gate] = [new Counters(), new Gate()];
  const interception = intercept({ conditions: INSTANT, counters, ...(gated && { gate }) });
  return {
    gate,
    get stats() {
      return counters.read();
    },
    [Symbol.dispose]: () => interception[Symbol.dispose](),
  };
}

/**
 * GET /orders/ID. There is no order 0: asking for it is the way to see an error.
 * @throws {Error} for an answer other than 2xx
 */
export async function fetchOrder(id: number, signal?: AbortSignal): Promise<Order> {
  const response = await fetch(`${ORIGIN}/orders/${id}`, { signal: signal ?? null });
  if (!response.ok) throw new Error(`order ${id}: status ${response.status}`);
  return (await response.json()) as Order;
}

/** Lets the event loop turn until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** Lets the event loop turn `count` times: whatever needs no more than that has happened then. */
export async function turns(count: number): Promise<void> {
  for (let turned = 0; turned < count; turned++) await turn();
}
