// What Node offers to the article's measurements: the approaches of this workbench, each in a trial of its own.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { calibrate } from '../../src/jobs/price-order.ts';
import { trialSettings } from '../../src/measure/plan.ts';
import { sharesOf } from '../../src/running/shares.ts';
import { splitOverProcesses } from '../../src/measure/split.ts';
import { startQuietTrial, type TrialSettings } from '../../src/measure/trial.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import { memoryReason, mostByMemory } from '../../src/measure/threads.ts';
import { LeftOut } from '../suite.ts';
import { expectAllOk, fetchTrial, ONE_SAMPLE } from '../trial.ts';
import type { ComputingWay, Language, Manner, PitfallPrograms, WaitingWay } from './language.ts';
import { CONDITIONS } from './waiting.ts';

/** A process of Node starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 200;
/** About how long one of many threads takes to start, in milliseconds. For estimates only. */
const THREAD_MS = 65;

const MANNERS: Partial<Record<ApproachName, Manner>> = {
  blocking: 'one by one',
  sequential: 'one by one',
  'promise-all': 'in one thread',
  'bounded-pool': 'in one thread',
  'worker-threads': 'in threads',
};

/** `threads` says for which numbers of threads there are rows. A thread takes some 20 MiB, and starts in some 65 ms. */
export function node({ atOnce, threads, warmup, costMs, cores, freeBytes }: NodeAmounts): Language {
  return {
    name: 'Node',
    note: 'All rows use undici. A thread compiles its code for itself, so the more threads there are, the less of it is compiled.',
    waiting: [
      waiting('sequential', 1, warmup),
      waiting('blocking', 1, warmup),
      ...atOnce.map((lanes) => waiting('bounded-pool', lanes, warmup)),
      { ...waiting('promise-all', 'all', warmup), isArticles: true },
      ...threads.map((count) =>
        leftOutWithoutRoom(waiting('worker-threads', count, warmup), count, freeBytes),
      ),
    ],
    computing: computing(costMs, cores),
    pitfalls: PITFALLS,
  };
}

const pitfall = (file: string, wrong: string, right: string): PitfallPrograms => ({
  wrong: `Node: ${wrong}`,
  right: `Node: ${right}`,
  program: () => ({
    called: 'Node',
    command: process.execPath,
    args: [fileURLToPath(new URL(`./pitfalls/${file}`, import.meta.url))],
  }),
});

const PITFALLS: Language['pitfalls'] = {
  'blocking sleep': pitfall('blocking-sleep.ts', 'Atomics.wait', 'await of a timer'),
  'forgotten await': pitfall('forgotten-await.ts', 'no await', 'await'),
  'sync in async': pitfall('sync-in-async.ts', 'a blocking call', 'fetch'),
  deadlock: pitfall('deadlock.ts', 'Atomics.wait for a promise', 'await'),
};

export interface NodeAmounts {
  readonly atOnce: readonly number[];
  readonly threads: readonly number[];
  /** Requests before the clock starts. */
  readonly warmup: number;
  /** CPU time of a task. */
  readonly costMs: number;
  /** So many threads compute, and so many processes. Without it, one for each core of this machine. */
  readonly cores?: number;
  /** The memory that is free when the run begins; 0 if nobody asked. More threads than it has room for are left out. */
  readonly freeBytes: number;
}

function leftOutWithoutRoom(way: WaitingWay, threads: number, freeBytes: number): WaitingWay {
  if (threads <= mostByMemory(freeBytes)) return way;
  // All of them have the same reason, so that one line is enough.
  const send = () => Promise.reject(new LeftOut(`too many threads: ${memoryReason(freeBytes)}`));
  return { ...way, send };
}

function waiting(approach: ApproachName, atOnce: WaitingWay['atOnce'], warmup: number): WaitingWay {
  return {
    name: atOnce === 'all' ? approach : `${approach}, C = ${atOnce}`,
    manner: MANNERS[approach]!,
    client: 'undici',
    atOnce,
    startMs: PROCESS_MS + (approach === 'worker-threads' ? THREAD_MS * Number(atOnce) : 0),
    async send(requests, context) {
      const concurrency = atOnce === 'all' ? requests : atOnce;
      const { measurement, api } = await fetchTrial(
        {
          approach,
          requests,
          concurrency,
          threads: concurrency,
          conditions: CONDITIONS,
          network: 'loopback',
          warmup,
        },
        context,
      );
      const { timesMs, cpuMs, memory } = measurement;
      return {
        timesMs,
        cpuMs,
        peakMiB: memory?.peakMiB,
        baselineMiB: memory?.baselineMiB,
        peakInFlight: api!.peakInFlight,
      };
    },
  };
}

function computing(costMs: number, cores = availableParallelism()): ComputingWay[] {
  let rounds = 0;
  /** Calibrated once, so that all ways do the same work. */
  const roundsOf = () => {
    if (rounds === 0) rounds = calibrate(costMs);
    return rounds;
  };
  const settingsOf = (approach: ApproachName, tasks: number, threads: number): TrialSettings => ({
    ...trialSettings(
      approach,
      {
        kind: 'cpu',
        job: 'price-order',
        approaches: [approach],
        requests: tasks,
        concurrency: tasks,
        threads,
        costMs,
      },
      { kind: 'cpu', job: 'price-order', rounds: roundsOf(), costMs },
    ),
    samples: ONE_SAMPLE,
  });
  const trial = (approach: ApproachName, name: string, workers: number): ComputingWay => ({
    name,
    manner: MANNERS[approach]!,
    workers,
    startMs: PROCESS_MS,
    async compute(tasks, { signal }) {
      await using ready = await startQuietTrial(settingsOf(approach, tasks, workers), signal);
      const measurement = await ready.run();
      expectAllOk(measurement);
      const { timesMs, cpuMs, memory } = measurement;
      return { timesMs, cpuMs, peakMiB: memory?.peakMiB };
    },
  });
  return [
    trial('sequential', 'sequential', 1),
    trial('promise-all', 'promise-all', 1),
    trial('worker-threads', `worker-threads, ${cores}`, cores),
    {
      name: `processes, ${cores}`,
      manner: 'in processes',
      workers: cores,
      startMs: 2 * PROCESS_MS,
      compute: async (tasks, { signal }) => ({
        timesMs: [
          await splitOverProcesses(
            startQuietTrial,
            sharesOf(tasks, cores).map((share) => settingsOf('sequential', share, 1)),
            signal,
          ),
        ],
        cpuMs: undefined,
        peakMiB: undefined,
      }),
    },
  ];
}
