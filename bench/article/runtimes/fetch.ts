// Asks the API for orders by three of our approaches, over the `fetch` that every runtime has. Runs on Node, Deno and Bun.
import { boundedPool } from '../../../src/approaches/bounded-pool.ts';
import { promiseAll } from '../../../src/approaches/promise-all.ts';
import { sequential } from '../../../src/approaches/sequential.ts';
import { runTrial, type Program } from './trial.ts';

export interface FetchSettings {
  readonly approach: 'sequential' | 'bounded-pool' | 'promise-all';
  /** `undici` is for Node: the client of the workbench, in place of the global `fetch`. */
  readonly client: 'fetch' | 'undici';
  readonly origin: string;
  readonly requests: number;
  readonly warmUpRequests: number;
  readonly concurrency: number;
}

type GetOrder = (id: number) => Promise<unknown>;

await runTrial<FetchSettings>(async (settings) => {
  const { requests, warmUpRequests } = settings;
  const getOrder = await openClient(settings);
  const task = async (id: number) => {
    const order = (await getOrder(id)) as { readonly id: number };
    if (order.id !== id) throw new Error(`expected order ${id}, got ${JSON.stringify(order)}`);
  };
  const ask = (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    switch (settings.approach) {
      case 'sequential':
        return sequential(ids, task);
      case 'bounded-pool':
        return boundedPool(ids, task, { concurrency: settings.concurrency });
      case 'promise-all':
        return promiseAll(ids, task);
    }
  };
  return { warmUp: () => ask(warmUpRequests), run: () => ask(requests) } satisfies Program;
});

async function openClient({ client, origin, concurrency }: FetchSettings): Promise<GetOrder> {
  if (client === 'undici') {
    const { Session } = await import('../../../src/api/session.ts');
    const session = new Session({ origin, connections: concurrency });
    return async (id) => (await session.getJson(`/orders/${id}`)).body;
  }
  return async (id) => {
    const response = await fetch(`${origin}/orders/${id}`);
    if (!response.ok) throw new Error(`order ${id}: expected 2xx, got ${response.status}`);
    return response.json();
  };
}
