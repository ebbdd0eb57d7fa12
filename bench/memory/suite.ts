// Measures memory for more and more requests at once. The article says that async takes 40 % less than threads. Here that
// one figure becomes a curve. A second table says what one more waiting request costs, and one more thread.
import { startApi } from '../../src/api/start.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import { apart } from '../../src/measure/statistics.ts';
import { duration, mebibytes, percent } from '../../src/report/units.ts';
import { scaled } from '../../src/report/edges.ts';
import { inOwnProcess } from '../own-process.ts';
import type { Rows } from '../rows.ts';
import type { Case, Plan, Section, Size, Suite } from '../suite.ts';
import { fetchTrial, memoryOf } from '../trial.ts';
import type * as measure from './measure.ts';

interface Amounts {
  readonly repeats: number;
  readonly concurrency: readonly number[];
  /** No more threads than this: a thousand would need more than ten gibibytes. */
  readonly mostThreads: number;
  readonly pending: number;
  readonly idleThreads: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, concurrency: [1, 10, 100, 1000], mostThreads: 10, pending: 200, idleThreads: 5 },
  default: { repeats: 3, concurrency: [1, 10, 100, 1000], mostThreads: 100, pending: 1000, idleThreads: 20 },
  full: { repeats: 7, concurrency: [1, 10, 100, 1000], mostThreads: 200, pending: 1000, idleThreads: 50 },
};

const LATENCY_MS = 120;
/** Longer than any measurement: these orders are never served. */
const ENDLESS_MS = 3_600_000;
const MEASURE = new URL('./measure.ts', import.meta.url).href;
const PEAK = 'Peak over baseline';
const ONE_MORE = 'One more';
const THREADED: ApproachName = 'worker-threads';
const ASYNC: ApproachName = 'promise-all';
const APPROACHES: readonly ApproachName[] = [ASYNC, 'bounded-pool', THREADED];
const nameOf = (approach: ApproachName, concurrency: number) => `${approach}, C = ${concurrency}`;
const REQUEST = 'request in flight';
const THREAD_READY = 'thread, ready to fetch';

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, latencyMs: LATENCY_MS },
    repeats: amounts.repeats,
    sections: [peakSection(amounts), oneMoreSection(amounts)],
    closing: (rows) => closing(rows, amounts),
  };
}

function peakSection({ concurrency: all, mostThreads }: Amounts): Section {
  return {
    title: PEAK,
    note: `Requests of ${LATENCY_MS} ms to a real port. All of them are in flight at once: C requests, and for worker-threads C threads. The figure is the resident memory of the process with its threads, less what it had when its imports were done.`,
    columns: {
      overBaselineMiB: { title: 'over baseline', show: mebibytes },
      perRequestMiB: { title: 'each', show: mebibytes, alone: true },
      peakMiB: { title: 'peak', show: mebibytes, alone: true },
    },
    cases: all.flatMap((concurrency) =>
      APPROACHES.filter((approach) => approach !== THREADED || concurrency <= mostThreads).map(
        (approach): Case => ({
          name: nameOf(approach, concurrency),
          estimateMs: approach === THREADED ? 400 + 55 * concurrency : 350 + 0.8 * concurrency,
          async run(context) {
            const { measurement } = await fetchTrial(
              {
                approach,
                requests: concurrency,
                concurrency,
                threads: concurrency,
                conditions: { latencyMs: LATENCY_MS, jitterMs: 0, seed: 1 },
                network: 'loopback',
              },
              context,
            );
            const { baselineMiB, peakMiB } = memoryOf(measurement);
            const overBaselineMiB = peakMiB - baselineMiB;
            return { overBaselineMiB, perRequestMiB: overBaselineMiB / concurrency, peakMiB };
          },
        }),
      ),
    ),
  };
}

function oneMoreSection({ pending, idleThreads }: Amounts): Section {
  const thread = (name: string, module?: string): Case => ({
    name,
    estimateMs: 250 + 35 * idleThreads,
    run: ({ signal }) => {
      const input: measure.ThreadsInput = { threads: idleThreads, ...(module !== undefined && { module }) };
      return inOwnProcess(MEASURE, 'idleThreads', input, signal);
    },
  });
  return {
    title: ONE_MORE,
    note: `What one of ${pending} waiting requests takes, and what one of ${idleThreads} waiting threads takes.`,
    columns: {
      heapBytesEach: { title: 'live heap', show: (bytes) => `${Math.round(bytes).toLocaleString('en')} B` },
      residentMiBEach: { title: 'resident', show: mebibytes },
      startMs: { title: 'started in', show: duration },
    },
    cases: [
      {
        name: REQUEST,
        estimateMs: 400 + 0.6 * pending,
        async run({ signal }) {
          // It has an API of its own, because requests that wait for ever must not be in the way of others.
          await using api = await startApi({ latencyMs: ENDLESS_MS, jitterMs: 0, seed: 1 }, { signal });
          const input: measure.PendingInput = { origin: api.origin, requests: pending };
          return await inOwnProcess(MEASURE, 'pendingRequests', input, signal);
        },
      },
      thread('thread, empty'),
      thread(THREAD_READY, new URL('../../src/api/session.ts', import.meta.url).href),
    ],
  };
}

function closing(rows: Rows, { concurrency, mostThreads }: Amounts): string[] {
  const sentences: string[] = [];
  const saved = concurrency
    .filter((count) => count <= mostThreads)
    .map((count) => {
      const names = [nameOf(ASYNC, count), nameOf(THREADED, count)] as const;
      const both = rows.smaller(PEAK, 'overBaselineMiB', ...names);
      const less = both ? 1 - both[0].median / both[1].median : 0;
      const isFortyLess = both !== undefined && less > 0.4 && apart(both[0], scaled(both[1], 0.6));
      return { count, less, isFortyLess };
    });
  const widest = saved.at(-1);
  const crossover = saved.find(({ isFortyLess }) => isFortyLess);
  if (
    widest &&
    crossover &&
    saved.every(({ count, isFortyLess }) => count < crossover.count || isFortyLess)
  ) {
    sentences.push(
      `If C is ${crossover.count} or more, ${ASYNC} takes at least 40 % less memory than C threads. At C = ${widest.count} it takes ${percent(widest.less)} less.`,
    );
  }
  const both = rows.smaller(ONE_MORE, 'residentMiBEach', REQUEST, THREAD_READY);
  if (both && both[0].median > 0) {
    const [request, thread] = both;
    sentences.push(
      `One thread takes the memory of about ${Math.round(thread.median / request.median)} requests in flight; 1,000 of them would take ${((thread.median * 1000) / 1024).toFixed(1)} GiB.`,
    );
  }
  return sentences;
}

export const memory: Suite = {
  name: 'memory',
  summary:
    'Does async take 40 % less memory than threads? What does one more request or one more thread cost?',
  plan,
};
