// The mocked API as the pitfalls use it: intercepted in this thread, counted, and, where a version asks for it,
// behind a gate. So each symptom is a matter of order and count, and never of time.
import { INSTANT } from '../../../src/api/conditions.ts';
import { Gate } from '../../../src/api/gate.ts';
import { Counters, type Stats } from '../../../src/api/counters.ts';
import { intercept } from '../../../src/api/intercept.ts';
import type { Order } from '../../../src/api/orders.ts';
import { ORIGIN } from '../../../src/api/origin.ts';

export interface Restaurant extends Disposable {
  /** What the API has seen so far. */
  readonly stats: Stats;
  readonly gate: Gate;
}

export interface Opening {
  /** Orders wait at the gate until the version lets them go. */
  readonly gated?: boolean;
  /** The kitchen cooks as soon as so many orders stand at the gate: they are in flight together, provably. */
  readonly batch?: number;
}

/** Opens the mocked API for this thread; it closes with the block (`using`). */
export function openRestaurant({ gated, batch }: Opening = {}): Restaurant {
  const [counters, gate] = [new Counters(), new Gate()];
  const hasGate = gated ?? batch !== undefined;
  const interception = intercept({ conditions: INSTANT, counters, ...(hasGate && { gate }) });
  if (batch !== undefined) void cookInBatches(gate, batch);
  return {
    gate,
    get stats() {
      return counters.read();
    },
    [Symbol.dispose]: () => interception[Symbol.dispose](),
  };
}

/** For ever: a promise that nobody settles keeps no process alive. */
export async function cookInBatches(gate: Gate, batch: number): Promise<never> {
  for (;;) {
    await gate.waitFor(batch);
    gate.letGo();
  }
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
