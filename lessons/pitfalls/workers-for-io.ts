// A thread pool for work that only waits. Piscina gives each thread one task at a time unless told otherwise, so there
// are as many requests in flight as there are threads. Each thread costs megabytes. A request in flight costs kilobytes.
import { Piscina } from 'piscina';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { pitfallOf } from './frame/pitfall.ts';

type Urls = readonly string[];

// It looks right because in many languages one waits in a thread.
export async function wrong(urls: Urls): Promise<unknown[]> {
  const filename = import.meta.url;
  await using pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
  const fetched = urls.map((url) => pool.run(url, { name: 'getOrder' }));
  const orders: unknown[] = await Promise.all(fetched);
  return orders;
}

// One thread can wait for any number of answers.
export async function right(urls: Urls): Promise<unknown[]> {
  return Promise.all(urls.map((url) => getOrder(url)));
}

export const pitfall = pitfallOf({
  about: {
    title: 'Use worker threads for requests',
    symptom: '20 requests go through a pool of 2 threads. The API never sees more than 2 in flight.',
    remedy:
      'Use Promise.all or a bounded pool on the main thread. Keep worker threads for work that computes.',
    foundBy: [],
    shows: {
      wrong: { answers: 20, peakInFlight: 2 },
      right: { answers: 20, peakInFlight: 20 },
    },
  },
  wrong,
  right,
  show: throughARealPort,
});

/** What each worker runs. */
export async function getOrder(url: string): Promise<unknown> {
  const response = await fetch(url);
  return response.json();
}

/**
 * An intercepted API would be reachable only from this thread. The kitchen cooks once as many orders have come as the
 * version can have in flight; if fewer came, nothing would ever be served.
 */
async function throughARealPort(version: (urls: Urls) => Promise<unknown[]>) {
  // Imported only when it runs: each thread loads this file, and needs no server.
  const [{ serve }, { cookInBatches }] = await Promise.all([
    import('../../src/api/serve.ts'),
    import('./frame/restaurant.ts'),
  ]);
  const counters = new Counters();
  const gate = new Gate();
  await using server = await serve({ conditions: INSTANT, counters, gate });
  void cookInBatches(gate, version === wrong ? 2 : 20);
  const urls = Array.from({ length: 20 }, (_, index) => `${server.origin}/orders/${index + 1}`);
  const answers = await version(urls);
  return { answers: answers.length, peakInFlight: counters.read().peakInFlight };
}
