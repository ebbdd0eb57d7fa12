// Measures what the article's pitfalls cost. Each wrong version stands beside the right one: its time, its memory, and
// how long everything else in the process has to wait. The pitfalls themselves are explained in lessons/pitfalls.
import type { ApproachName } from '../../src/running/registry.ts';
import { duration, mebibytes, ratio } from '../../src/report/units.ts';
import { inOwnProcess } from '../own-process.ts';
import type * as pools from '../pools/measure.ts';
import type { Rows } from '../rows.ts';
import type { Findings } from '../findings.ts';
import type { Case, Column, Plan, Section, Size, Suite } from '../suite.ts';
import { watchedFetchTrial, memoryOf } from '../trial.ts';
import type * as measure from './measure.ts';

interface Amounts {
  readonly repeats: number;
  readonly requests: number;
  readonly unboundedRequests: number;
  readonly unevenTasks: number;
  readonly fileReads: number;
  readonly samples: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, requests: 20, unboundedRequests: 500, unevenTasks: 50, fileReads: 20, samples: 1 },
  default: {
    repeats: 5,
    requests: 100,
    unboundedRequests: 2000,
    unevenTasks: 200,
    fileReads: 50,
    samples: 3,
  },
  full: { repeats: 15, requests: 200, unboundedRequests: 5000, unevenTasks: 1000, fileReads: 50, samples: 5 },
};

const LATENCY_MS = 12;
const HANDLERS = 10;
const SLEEP_MS = 20;
const BOUND = 50;
const THREADS = 10;
const FILE_BYTES = 4 * 2 ** 20;
const PROCESS_MS = 400;
const MEASURE = new URL('./measure.ts', import.meta.url).href;
const POOLS = new URL('../pools/measure.ts', import.meta.url).href;

/** A pitfall, and the figure that shows its cost. */
interface Pair {
  readonly title: string;
  readonly note: string;
  readonly wrong: Case;
  readonly right: Case;
  readonly figure: 'timeMs' | 'overBaselineMiB' | 'loopLateMs';
}

const COLUMNS: Readonly<Record<Pair['figure'], Column>> = {
  timeMs: { title: 'time', show: duration },
  overBaselineMiB: { title: 'memory', show: mebibytes },
  loopLateMs: { title: 'others wait up to', show: duration },
};

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  const pairs = pairsOf(amounts);
  return {
    settings: {
      ...amounts,
      latencyMs: LATENCY_MS,
      handlers: HANDLERS,
      sleepMs: SLEEP_MS,
      bound: BOUND,
      threads: THREADS,
      fileBytes: FILE_BYTES,
    },
    repeats: amounts.repeats,
    sections: pairs.map(({ title, note, wrong, right, figure }): Section => ({
      title,
      note,
      columns: { ...COLUMNS, ratioToRemedy: { title: RATIO_TITLES[figure], show: ratio } },
      ratios: [{ figure, baseline: right.name, as: 'ratioToRemedy' }],
      cases: [wrong, right],
    })),
    closing: (rows) => pairs.flatMap((pair) => sentenceOf(pair, rows)),
  };
}

function pairsOf({ requests, unboundedRequests, unevenTasks, fileReads, samples }: Amounts): Pair[] {
  const sleeping = (name: string, how: measure.SleepInput['how']): Case => {
    const input: measure.SleepInput = { how, handlers: HANDLERS, sleepMs: SLEEP_MS, samples };
    const onceMs = how === 'blocking' ? HANDLERS * SLEEP_MS : SLEEP_MS;
    return {
      name,
      estimateMs: PROCESS_MS + (samples + 1) * onceMs,
      run: ({ signal }) => inOwnProcess(MEASURE, 'sleeping', input, signal),
    };
  };
  const files = (name: string, how: measure.FilesInput['how']): Case => {
    const input: measure.FilesInput = { how, reads: fileReads, bytes: FILE_BYTES, samples };
    return {
      name,
      estimateMs: PROCESS_MS + (samples + 1) * fileReads * 3,
      run: ({ signal }) => inOwnProcess(MEASURE, 'readingFiles', input, signal),
    };
  };
  const uneven = { tasks: unevenTasks, concurrency: 10, shortestMs: 1, longestMs: 20, samples: 1 };
  const unevenInput: pools.UnevenInput = { ...uneven, peer: 'bounded-pool' };
  return [
    {
      title: 'A blocking sleep',
      note: `${HANDLERS} handlers are called at once, and each sleeps for ${SLEEP_MS} ms.`,
      wrong: sleeping('Atomics.wait', 'blocking'),
      right: sleeping('await', 'async'),
      figure: 'timeMs',
    },
    {
      title: 'Await in a loop',
      note: `${requests} requests of ${LATENCY_MS} ms. None of them needs the answer of another.`,
      wrong: fetching('await in a loop', 'sequential', requests, 1),
      right: fetching('Promise.all', 'promise-all', requests, requests),
      figure: 'timeMs',
    },
    {
      title: 'Waves',
      note: `${unevenTasks} tasks wait for 1 to 20 ms each, ten at once. In waves, nine may wait for the slowest.`,
      wrong: {
        name: 'Promise.all over chunks',
        estimateMs: PROCESS_MS + 2 * unevenTasks,
        run: async ({ signal }) => onlyTime(await inOwnProcess(POOLS, 'unevenInWaves', uneven, signal)),
      },
      right: {
        name: 'bounded-pool',
        estimateMs: PROCESS_MS + 1.2 * unevenTasks,
        run: async ({ signal }) => onlyTime(await inOwnProcess(POOLS, 'uneven', unevenInput, signal)),
      },
      figure: 'timeMs',
    },
    {
      title: 'Unbounded',
      note: `${unboundedRequests.toLocaleString('en')} requests of ${LATENCY_MS} ms, all at once or ${BOUND} at a time.`,
      wrong: fetching('Promise.all', 'promise-all', unboundedRequests, unboundedRequests),
      right: fetching(`bounded-pool, C = ${BOUND}`, 'bounded-pool', unboundedRequests, BOUND),
      figure: 'overBaselineMiB',
    },
    {
      title: 'Threads for I/O',
      note: `${requests} requests of ${LATENCY_MS} ms, ${THREADS} at once.`,
      wrong: fetching(`${THREADS} worker threads`, 'worker-threads', requests, THREADS),
      right: fetching(`bounded-pool, C = ${THREADS}`, 'bounded-pool', requests, THREADS),
      figure: 'overBaselineMiB',
    },
    {
      title: 'Sync file calls',
      note: `A handler reads a file of 4 MiB ${fileReads} times while others want the thread.`,
      wrong: files('readFileSync', 'sync'),
      right: files('await readFile', 'async'),
      figure: 'loopLateMs',
    },
  ];
}

function fetching(name: string, approach: ApproachName, requests: number, concurrency: number): Case {
  const conditions = { latencyMs: LATENCY_MS, jitterMs: 0, seed: 1 };
  const runMs = Math.max((requests / concurrency) * LATENCY_MS, 0.3 * requests);
  return {
    name,
    estimateMs: (approach === 'worker-threads' ? 1200 : 500) + Math.max(250, runMs) + Math.min(500, runMs),
    async run(context) {
      const { measurement } = await watchedFetchTrial(
        { approach, requests, concurrency, threads: THREADS, conditions, network: 'loopback' },
        context,
      );
      const { loopDelayMs, timesMs } = measurement;
      const memory = memoryOf(measurement);
      return {
        timeMs: timesMs,
        overBaselineMiB: memory.peakMiB - memory.baselineMiB,
        loopLateMs: loopDelayMs.max,
      };
    },
  };
}

const onlyTime = ({ timeMs }: Findings): Findings => ({ timeMs: timeMs! });

const RATIO_TITLES: Readonly<Record<Pair['figure'], string>> = {
  timeMs: 'time × remedy',
  overBaselineMiB: 'memory × remedy',
  loopLateMs: 'wait × remedy',
};

const OF_REMEDY: Readonly<Record<Pair['figure'], string>> = {
  timeMs: 'the time of the remedy',
  overBaselineMiB: 'the memory of the remedy',
  loopLateMs: 'the longest wait of everyone else',
};

function sentenceOf({ title, wrong, right, figure }: Pair, rows: Rows): string[] {
  const times = rows.spread(title, wrong.name, 'ratioToRemedy');
  if (!times || !rows.smaller(title, figure, right.name, wrong.name)) return [];
  return [`${title}: ${ratio(times.median)} ${OF_REMEDY[figure]}.`];
}

export const pitfalls: Suite = {
  name: 'pitfalls',
  summary: 'What does each pitfall cost, beside the right version?',
  plan,
};
