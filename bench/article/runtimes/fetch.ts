// Asks the API for orders by three of our approaches, over the `fetch` that every runtime has. Runs on Node, Deno and Bun.
import { boundedPool } from '../../../src/approaches/bounded-pool.ts';
import { promiseAll } from '../../../src/approaches/promise-all.ts';
import { sequential } from '../../../src/approaches/sequential.ts';
import type { SendAnswer, SendSettings } from '../foreign-ways.ts';
import { answerSettings, costOf, waitForStart } from './answer.ts';

export interface FetchMore {
  readonly approach: 'sequential' | 'bounded-pool' | 'promise-all';
  /** `undici` is for Node: the client of the workbench, in place of the global `fetch`. */
  readonly client: 'fetch' | 'undici';
}

type FetchSettings = SendSettings & FetchMore;

/** Asks for a path, and reads the body to its end. */
type GetBytes = (path: string) => Promise<Uint8Array>;

answerSettings(async (given): Promise<SendAnswer> => {
  const settings = given as FetchSettings;
  const getBytes = await openClient(settings);
  let bytes = 0;
  const task = async (id: number) => {
    const body = await getBytes(`/orders/${id}`);
    bytes += body.length;
    const order = JSON.parse(new TextDecoder().decode(body)) as { readonly id: number };
    if (order.id !== id) throw new Error(`expected order ${id}, got ${order.id}`);
  };
  const send = (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    return run(settings, ids, task);
  };
  for (let left = settings.warmup; left > 0; left -= settings.requests) {
    await send(Math.min(left, settings.requests));
  }
  await waitForStart();
  bytes = 0;
  const cost = await costOf(() => send(settings.requests));
  return { ...cost, bytes };
});

function run(
  { approach, atOnce }: FetchSettings,
  ids: readonly number[],
  task: (id: number) => Promise<void>,
): Promise<unknown> {
  if (approach === 'sequential') return sequential(ids, task);
  if (approach === 'promise-all') return promiseAll(ids, task);
  return boundedPool(ids, task, { concurrency: atOnce! });
}

async function openClient({ client, origin, atOnce, requests }: FetchSettings): Promise<GetBytes> {
  if (client === 'undici') {
    const { Session } = await import('../../../src/api/session.ts');
    const session = new Session({ origin, connections: atOnce ?? requests });
    return async (path) => (await session.getBytes(path)).bytes;
  }
  return async (path) => {
    const response = await fetch(origin + path);
    if (!response.ok) throw new Error(`${path}: expected 2xx, got ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}
