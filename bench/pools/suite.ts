// Compares our bounded-pool with packages for the same work: what a task costs, how much memory a waiting task holds,
// whether inputs may be lazy, how well a pool divides uneven work, and what happens when something goes wrong.
import { duration, ratio } from '../../src/report/units.ts';
import { inOwnProcess } from '../own-process.ts';
import type { Rows } from '../rows.ts';
import type { Case, Plan, Section, Size, Suite } from '../suite.ts';
import type * as measure from './measure.ts';
import { BURST_MS, RATE_PEER_NAMES, ratePeerOf, type RateInput } from './rates.ts';
import { BOUNDED_PEERS, PEER_NAMES, peerOf, type PeerName } from './peers.ts';

const CONCURRENCIES = [1, 10, 100];
const MEASURE = new URL('./measure.ts', import.meta.url).href;
const RATES = new URL('./rates.ts', import.meta.url).href;
const SEMANTICS = new URL('./semantics.ts', import.meta.url).href;
const OURS: PeerName = 'bounded-pool';

/** A process that loads one peer, in milliseconds. */
const PROCESS_MS = 200;
/** About what a task costs, to estimate how long a case takes, in nanoseconds. */
const ABOUT_NS: Readonly<Record<PeerName, number>> = {
  'bounded-pool': 70,
  'async.mapLimit': 120,
  'p-map': 480,
  'p-limit': 2000,
  'p-queue': 6000,
  fastq: 1700,
  'es-toolkit': 1700,
  effect: 450,
  'Promise.all': 200,
};

/** A peer that takes longer than this for a task gets fewer turns, because its ratio need not be so exact. */
const SLOW_NS = 700;
const LEAST_SAMPLES = 3;
const SAMPLE_MS = 300;

interface Amounts {
  readonly repeats: number;
  readonly tasks: number;
  /** A turn takes as many samples as fit into SAMPLE_MS, but no more than this. As many calls warm it up before. */
  readonly mostSamples: number;
  readonly fastRepeats: number;
  readonly lazyTasks: number;
  readonly unevenTasks: number;
  readonly rateTasks: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: {
    repeats: 1,
    fastRepeats: 1,
    tasks: 10_000,
    mostSamples: 10,
    lazyTasks: 50_000,
    unevenTasks: 50,
    rateTasks: 15,
  },
  default: {
    repeats: 3,
    fastRepeats: 4,
    tasks: 100_000,
    mostSamples: 15,
    lazyTasks: 1_000_000,
    unevenTasks: 200,
    rateTasks: 100,
  },
  full: {
    repeats: 9,
    fastRepeats: 9,
    tasks: 100_000,
    mostSamples: 25,
    lazyTasks: 1_000_000,
    unevenTasks: 1000,
    rateTasks: 400,
  },
};

const nanoseconds = (value: number) => duration(value / 1e6);
const bytes = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} B`;
const wholeMiB = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} MiB`;
const plainCount = (value: number) => value.toLocaleString('en');

const timeTitle = (concurrency: number) => `Time per no-op task, C = ${concurrency}`;
const HEAP = 'Live heap per task';
const LAZY = 'Lazy input';
const UNEVEN = 'Uneven tasks';
const RATE = 'At a rate limit';
const BEHAVIOUR = 'What each does';

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, concurrency: CONCURRENCIES },
    repeats: amounts.repeats,
    packages: [
      ...new Set([
        ...PEER_NAMES.flatMap((name) => peerOf(name).package ?? []),
        ...RATE_PEER_NAMES.flatMap((name) => ratePeerOf(name).package ?? []),
      ]),
    ],
    sections: [
      ...CONCURRENCIES.map((concurrency) => timeSection(concurrency, amounts)),
      heapSection(amounts),
      lazySection(amounts),
      unevenSection(amounts),
      ratesSection(amounts),
      behaviourSection(),
    ],
    closing,
  };
}

function timeSection(concurrency: number, { tasks, mostSamples, repeats, fastRepeats }: Amounts): Section {
  return {
    title: timeTitle(concurrency),
    columns: {
      nsPerTask: { title: 'per task', show: nanoseconds },
      ratioToOurs: { title: `× ${OURS}`, show: ratio },
    },
    ratios: [{ figure: 'nsPerTask', baseline: OURS, as: 'ratioToOurs' }],
    // Promise.all has no limit, so it is the same case at every C. It stands once, at the largest C.
    cases: (concurrency === Math.max(...CONCURRENCIES) ? PEER_NAMES : BOUNDED_PEERS).map((peer): Case => {
      const callMs = (tasks * ABOUT_NS[peer]) / 1e6;
      const samples = Math.round(Math.min(mostSamples, Math.max(LEAST_SAMPLES, SAMPLE_MS / callMs)));
      const input: measure.TimedInput = { peer, tasks, concurrency, samples, warmup: samples };
      return {
        name: peer,
        estimateMs: PROCESS_MS + 2 * samples * callMs,
        repeats: ABOUT_NS[peer] > SLOW_NS ? repeats : fastRepeats,
        run: ({ signal }) => inOwnProcess(MEASURE, 'time', input, signal),
      };
    }),
  };
}

function heapSection({ tasks }: Amounts): Section {
  return {
    title: HEAP,
    note: `The most heap that is live at once, divided by the number of tasks, with C = 10. The inputs are not counted. A result in an array takes 8 to 12 B of it.`,
    columns: { bytesPerTask: { title: 'per task', show: bytes } },
    cases: PEER_NAMES.map((peer): Case => {
      const input: measure.PeerInput = { peer, tasks, concurrency: 10 };
      return {
        name: peer,
        estimateMs: PROCESS_MS + (3 * tasks * ABOUT_NS[peer]) / 1e6,
        run: ({ signal }) => inOwnProcess(MEASURE, 'heap', input, signal),
      };
    }),
  };
}

function lazySection({ lazyTasks: tasks }: Amounts): Section {
  return {
    title: LAZY,
    note: `${plainCount(tasks)} inputs come from a generator, with C = 10. "Drawn ahead" says how many of them the pool has taken before the first task ends. Then follow the largest resident memory, and the heap that is live when all results are there. One turn without a warm-up.`,
    columns: {
      drawnAhead: { title: 'drawn ahead', show: plainCount },
      peakMiB: { title: 'peak', show: wholeMiB },
      liveAtEndMiB: { title: 'live at the end', show: wholeMiB },
      nsPerTask: { title: 'per task', show: nanoseconds },
    },
    cases: PEER_NAMES.map((peer): Case => {
      const input: measure.PeerInput = { peer, tasks, concurrency: 10 };
      return {
        name: peer,
        estimateMs: PROCESS_MS + (2 * tasks * ABOUT_NS[peer]) / 1e6,
        repeats: 1,
        run: ({ signal }) => inOwnProcess(MEASURE, 'lazy', input, signal),
      };
    }),
  };
}

function unevenSection({ unevenTasks: tasks, fastRepeats: repeats }: Amounts): Section {
  const settings = { tasks, concurrency: 10, shortestMs: 1, longestMs: 20, samples: 1 };
  const estimateMs = PROCESS_MS + 1.3 * tasks;
  return {
    title: UNEVEN,
    note: `${tasks} tasks wait for 1 to 20 ms each, with C = 10. The lower bound is the sum of all waits, divided by C. Waves are Promise.all over chunks of ten.`,
    columns: {
      timeMs: { title: 'time', show: duration },
      ratioToBound: { title: '× lower bound', show: ratio },
    },
    cases: [
      ...BOUNDED_PEERS.map((peer): Case => {
        const input: measure.UnevenInput = { peer, ...settings };
        return {
          name: peer,
          estimateMs,
          repeats,
          run: ({ signal }) => inOwnProcess(MEASURE, 'uneven', input, signal),
        };
      }),
      {
        name: 'waves',
        estimateMs: PROCESS_MS + 2.2 * tasks,
        repeats,
        run: ({ signal }) => inOwnProcess(MEASURE, 'unevenInWaves', settings, signal),
      },
    ],
  };
}

/** What the service of this section lets in, and what an answer takes. */
const LIMIT = { perSecond: 100, burst: 10 };
const LATENCY_MS = 20;

function ratesSection({ rateTasks: tasks }: Amounts): Section {
  return {
    title: RATE,
    note: `${tasks} requests to a service that lets in ${LIMIT.perSecond} a second after a burst of ${LIMIT.burst}. It counts whom it refuses, and the most that come within ${BURST_MS} ms. "A second" allows ${LIMIT.perSecond} in each second, as the documentation of the packages shows it. "One each" allows the same in intervals of ${1000 / LIMIT.perSecond} ms. Nobody tries again. The pool keeps to no rate.`,
    columns: {
      refused: { title: 'refused', show: plainCount },
      most: { title: `most in ${BURST_MS} ms`, show: plainCount },
      timeMs: { title: 'time', show: duration },
    },
    cases: RATE_PEER_NAMES.map((peer): Case => {
      const input: RateInput = { peer, tasks, rate: LIMIT, latencyMs: LATENCY_MS };
      return {
        name: peer,
        estimateMs: PROCESS_MS + (tasks / LIMIT.perSecond) * 1000,
        repeats: 1,
        run: ({ signal }) => inOwnProcess(RATES, 'rates', input, signal),
      };
    }),
  };
}

function behaviourSection(): Section {
  return {
    title: BEHAVIOUR,
    note: 'Twenty tasks, with C = 3. "After failure" and "after abort" count the tasks that still start. "Still running" counts the tasks in flight when the caller hears of a failure. "Iterator" says whether the source of the inputs is closed after a failure. "Plain function" is a task that returns a promise without being an async function. "Unhandled" counts rejections that nobody handles.',
    columns: {
      order: { title: 'order' },
      peak: { title: 'peak' },
      afterFailure: { title: 'after failure' },
      runningAtRejection: { title: 'still running' },
      afterAbort: { title: 'after abort' },
      iterator: { title: 'iterator' },
      plainFunction: { title: 'plain function' },
      synchronousThrow: { title: 'sync throw' },
      unhandled: { title: 'unhandled' },
    },
    cases: PEER_NAMES.map((peer): Case => ({
      name: peer,
      estimateMs: PROCESS_MS + 200,
      repeats: 1,
      run: ({ signal }) => inOwnProcess(SEMANTICS, 'semantics', { peer }, signal),
    })),
  };
}

function closing(rows: Rows): string[] {
  const sentences: string[] = [];
  const title = timeTitle(10);
  const others = BOUNDED_PEERS.filter((peer) => peer !== OURS);
  if (others.every((peer) => rows.smaller(title, 'nsPerTask', OURS, peer))) {
    const least = Math.min(...others.map((peer) => rows.spread(title, peer, 'ratioToOurs')?.median ?? 0));
    sentences.push(`At C = 10 the others take at least ${ratio(least)} the time of ${OURS}, task for task.`);
  }
  const uneven = rows.smaller(UNEVEN, 'timeMs', OURS, 'waves');
  if (uneven) {
    sentences.push(
      `Waves take ${ratio(uneven[1].median / uneven[0].median)} the time of a pool on uneven tasks.`,
    );
  }
  return sentences;
}

export const pools: Suite = {
  name: 'pools',
  summary:
    'Our bounded pool, async, p-map, p-limit, p-queue, fastq, es-toolkit, effect: which one should I take?',
  plan,
};
