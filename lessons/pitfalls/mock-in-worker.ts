// A mock lives in the thread that set it up. A worker thread has a fetch of its own, which knows nothing of it and goes
// to the real network: with an invented host that fails (ENOTFOUND), with a real one the test has called production.
// Production is here a server on a port of this machine, so that it can be seen who calls it.
import { http, HttpResponse } from 'msw';
import { Piscina } from 'piscina';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { intercept } from '../../src/api/intercept.ts';
import { serve } from '../../src/api/serve.ts';
import type { About } from './frame/pitfall.ts';

type Seen = { onTheMainThread: string; inTheWorker: string; requestsInProduction: number };

export const about: About<Seen> = {
  title: 'Mock here, and fetch in a worker',
  symptom:
    'The main thread gets the mocked answer, and the worker a real one: the test has called production.',
  remedy:
    'Set up the mock in each thread and process; or mock behind a real port, where all of them can reach it.',
  foundBy: [],
  shows: {
    wrong: { onTheMainThread: 'mocked', inTheWorker: 'real', requestsInProduction: 1 },
    right: { onTheMainThread: 'mocked', inTheWorker: 'mocked', requestsInProduction: 0 },
  },
};

// Same process, same URL, and the first answer is mocked.
export async function wrong(): Promise<Seen> {
  return testRun(async (url, pool) => {
    using _ = mock(url);
    const onTheMainThread = await answerFrom(url);
    const inTheWorker: string = await pool.run(url, { name: 'answerFrom' });
    return { onTheMainThread, inTheWorker };
  });
}

export async function right(): Promise<Seen> {
  return testRun(async (url, pool) => {
    using _ = mock(url);
    const onTheMainThread = await answerFrom(url);
    const inTheWorker: string = await pool.run(url, { name: 'mockedAnswerFrom' });
    return { onTheMainThread, inTheWorker };
  });
}

export async function answerFrom(url: string): Promise<'mocked' | 'real'> {
  const response = await fetch(url);
  return ((await response.json()) as { isMocked?: true }).isMocked ? 'mocked' : 'real';
}

export async function mockedAnswerFrom(url: string): Promise<'mocked' | 'real'> {
  using _ = mock(url);
  return await answerFrom(url);
}

function mock(url: string): Disposable {
  const interception = intercept({ conditions: INSTANT });
  interception.use(http.get(url, () => HttpResponse.json({ isMocked: true })));
  return interception;
}

async function testRun(
  work: (url: string, pool: Piscina) => Promise<Omit<Seen, 'requestsInProduction'>>,
): Promise<Seen> {
  const counters = new Counters();
  await using production = await serve({ conditions: INSTANT, counters });
  await using pool = new Piscina({ filename: import.meta.url, maxThreads: 1 });
  const answers = await work(`${production.origin}/orders/1`, pool);
  return { ...answers, requestsInProduction: counters.read().started };
}
