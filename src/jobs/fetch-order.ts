// Fetch one order and parse it: pure waiting.
import type { Order } from '../api/orders.ts';
import { Session } from '../api/session.ts';
import type { FetchOrderSettings, OpenJob } from './job.ts';

export function open(settings: FetchOrderSettings): OpenJob<Order> {
  const session = new Session(settings);
  return {
    task: async (id, signal) => (await session.getJson(`/orders/${id}`, signal)).body as Order,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
