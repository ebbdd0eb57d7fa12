// A pool of threads for work that only waits. piscina gives each thread one task at a time (its default), so the API
// sees as many requests in flight as there are threads; and each thread costs megabytes, where a request in flight
// costs kilobytes.
import { Piscina } from 'piscina';
import { INSTANT } from '../../src/api/conditions.ts';
import { Gate } from '../../src/api/gate.ts';
import { Counters } from '../../src/api/counters.ts';
import { serve } from '../../src/api/serve.ts';
import type { About } from './frame/pitfall.ts';
import { cookInBatches } from './frame/restaurant.ts';

type Seen = { answers: number; threads: number; peakInFlight: number };

export const about: About<Seen> = {
  title: 'Use worker threads for requests',
  symptom: '20 requests through a pool of 2 threads: the API never sees more than 2 in flight.',
  remedy: 'Promise.all or a bounded pool on the main thread; threads are for computing.',
  foundBy: [],
  shows: {
    wrong: { answers: 20, threads: 2, peakInFlight: 2 },
    right: { answers: 20, threads: 0, peakInFlight: 20 },
  },
};

const IDS = Array.from({ length: 20 }, (_, index) => index + 1);

// In many languages a thread per request is how one waits for many.
export async function wrong(): Promise<Seen> {
  return counted({ batch: 2 }, async (origin) => {
    await using pool = new Piscina({ filename: import.meta.url, minThreads: 2, maxThreads: 2 });
    const orders = await Promise.all(IDS.map((id) => pool.run(`${origin}/orders/${id}`)));
    return { answers: orders.length, threads: pool.threads.length };
  });
}

export async function right(): Promise<Seen> {
  return counted({ batch: 20 }, async (origin) => {
    const orders = await Promise.all(IDS.map((id) => getOrder(`${origin}/orders/${id}`)));
    return { answers: orders.length, threads: 0 };
  });
}

/** What each worker runs; a real port, since interception reaches only the thread that asked for it. */
export default async function getOrder(url: string): Promise<unknown> {
  const response = await fetch(url);
  return response.json();
}

/** The kitchen cooks once `batch` orders stand at the gate: with fewer in flight, nothing would ever be served. */
async function counted(
  { batch }: { readonly batch: number },
  work: (origin: string) => Promise<{ answers: number; threads: number }>,
): Promise<Seen> {
  const [counters, gate] = [new Counters(), new Gate()];
  await using server = await serve({ conditions: INSTANT, counters, gate });
  void cookInBatches(gate, batch);
  return { ...(await work(server.origin)), peakInFlight: counters.read().peakInFlight };
}
