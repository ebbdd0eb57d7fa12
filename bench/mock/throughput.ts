// How many requests a server answers in a second, and what one costs it. The client is the same for all servers.
import { orderOf } from '../../src/api/orders.ts';
import { Session } from '../../src/api/session.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { startChild } from '../../src/child.ts';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';
import type { Findings } from '../findings.ts';
import type { ServerName } from './server-names.ts';

export interface ThroughputInput {
  readonly server: ServerName;
  readonly requests: number;
  readonly concurrency: number;
}

/** @throws {Error} if an answer is another one than the order that was asked for */
export async function throughput({ server, requests, concurrency }: ThroughputInput): Promise<Findings> {
  await using child = startChild(
    new URL('./server-process.ts', import.meta.url),
    { server },
    { env: trialEnvironment() },
  );
  const { origin } = await child.receive<{ origin: string }>();
  await using session = new Session({ origin, connections: concurrency });
  const cpuMs = async () => {
    child.send({});
    return (await child.receive<{ cpuMs: number }>()).cpuMs;
  };
  const run = () =>
    boundedPool(
      Array.from({ length: requests }, (_, index) => index + 1),
      async (id) => {
        const { body } = await session.getJson(`/orders/${id}`);
        if ((body as { id: number }).id !== id)
          throw new Error(`expected order ${id}, got ${JSON.stringify(body)}`);
      },
      { concurrency },
    );
  const { body } = await session.getJson('/orders/1');
  if (JSON.stringify(body) !== JSON.stringify(orderOf(1)))
    throw new Error(`${server} does not serve order 1`);
  // Once before the clock runs, so that the code is compiled and all connections stand.
  await run();
  await cpuMs();
  const startMs = performance.now();
  await run();
  const tookMs = performance.now() - startMs;
  return {
    requestsPerSecond: requests / (tookMs / 1000),
    cpuMsPerRequest: (await cpuMs()) / requests,
  };
}
