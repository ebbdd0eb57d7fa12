// A mock lives in the thread that has set it up. A worker thread has a fetch of its own, which does not know the mock and
// goes to the real network. If the host is invented, the request fails (ENOTFOUND). If it is real, the test has called
// production.
import { http, HttpResponse } from 'msw';
import { Piscina } from 'piscina';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { intercept } from '../../src/api/intercept.ts';
import { serve } from '../../src/api/serve.ts';
import { pitfallOf } from './frame/pitfall.ts';

type Source = 'mocked' | 'real';

interface Answers {
  readonly mainThread: Source;
  readonly worker: Source;
}

// It looks right because the process and the URL are the same, and the first
// answer is mocked.
export async function wrong(url: string, pool: Piscina): Promise<Answers> {
  using _ = mock(url);
  const mainThread = await answerFrom(url);
  const worker: Source = await pool.run(url, { name: 'answerFrom' });
  return { mainThread, worker };
}

// The function in the worker sets up the mock there too.
export async function right(url: string, pool: Piscina): Promise<Answers> {
  using _ = mock(url);
  const mainThread = await answerFrom(url);
  const worker: Source = await pool.run(url, { name: 'mockedAnswerFrom' });
  return { mainThread, worker };
}

/** What the worker runs for `right`. */
export async function mockedAnswerFrom(url: string): Promise<Source> {
  using _ = mock(url);
  return await answerFrom(url);
}

/** What the worker runs for `wrong`, and the main thread for both. */
export async function answerFrom(url: string): Promise<Source> {
  const response = await fetch(url);
  return ((await response.json()) as { isMocked?: true }).isMocked ? 'mocked' : 'real';
}

export const pitfall = pitfallOf({
  about: {
    title: 'Mock here, and fetch in a worker',
    symptom:
      'The main thread gets the mocked answer and the worker gets a real one. The test has called production.',
    remedy:
      'Set up the mock in each thread and process. Or put the mock behind a real port, where all of them reach it.',
    foundBy: [],
    shows: {
      wrong: { mainThread: 'mocked', worker: 'real', requestsInProduction: 1 },
      right: { mainThread: 'mocked', worker: 'mocked', requestsInProduction: 0 },
    },
  },
  wrong,
  right,
  show: besideProduction,
});

function mock(url: string): Disposable {
  const interception = intercept({ conditions: INSTANT });
  interception.use(http.get(url, () => HttpResponse.json({ isMocked: true })));
  return interception;
}

/** Production is a server on a port of this machine, so that one can see who calls it. */
async function besideProduction(version: (url: string, pool: Piscina) => Promise<Answers>) {
  const counters = new Counters();
  await using production = await serve({ conditions: INSTANT, counters });
  await using pool = new Piscina({ filename: import.meta.url, maxThreads: 1 });
  const { mainThread, worker } = await version(`${production.origin}/orders/1`, pool);
  return { mainThread, worker, requestsInProduction: counters.read().started };
}
