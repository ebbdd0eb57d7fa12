// The mocked API as the pitfalls use it. Requests are intercepted in this thread and counted. Where a harness asks for
// it, they wait at a gate until it lets them go. So each symptom is a matter of order and count, and never of time.
import { INSTANT } from '../../../src/api/conditions.ts';
import { Gate } from '../../../src/api/gate.ts';
import { Counters, type Stats } from '../../../src/api/counters.ts';
import { intercept } from '../../../src/api/intercept.ts';
import type { Order } from '../../../src/api/orders.ts';
import { ORIGIN } from '../../../src/api/origin.ts';
import { until } from './turns.ts';

export interface Restaurant extends Disposable {
  /** What the API has seen so far. */
  readonly stats: Stats;
  readonly gate: Gate;
}

/** Opens the mocked API for this thread; it closes with the block (`using`). With `gated`, orders wait at its gate. */
export function openRestaurant({ gated = false }: { readonly gated?: boolean } = {}): Restaurant {
  const counters = new Counters();
  const gate = new Gate();
  const interception = intercept({ conditions: INSTANT, counters, ...(gated && { gate }) });
  return {
    gate,
    get stats() {
      return counters.read();
    },
    [Symbol.dispose]: () => interception[Symbol.dispose](),
  };
}

/** Goes on for ever. It is a promise that nobody settles, so it keeps no process alive. */
export async function cookInBatches(gate: Gate, batch: number): Promise<never> {
  for (;;) {
    await gate.waitFor(batch);
    gate.letGo();
  }
}

/**
 * How many orders `work` has in flight at once at most. The kitchen cooks nothing until `hoped` orders have come, or the
 * event loop has turned a thousand times. After that it cooks whatever comes.
 */
export async function peakInFlightOf(work: () => Promise<unknown>, hoped: number): Promise<number> {
  using restaurant = openRestaurant({ gated: true });
  const done = work();
  await until(() => restaurant.gate.held === hoped, 1000);
  void cookInBatches(restaurant.gate, 1);
  await done;
  return restaurant.stats.peakInFlight;
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
