// Measures price-order, which only computes, by every approach. It shows that async gains nothing here, what threads
// gain, and how large a task must be. The limit of the machine is measured too: the same work in separate processes.
import { availableParallelism } from 'node:os';
import type { ApproachName } from '../../src/running/registry.ts';
import { batchSizeFor } from '../../src/approaches/worker-threads.ts';
import { calibrate } from '../../src/jobs/price-order.ts';
import { trialSettings } from '../../src/measure/plan.ts';
import { sharesOf } from '../../src/running/shares.ts';
import { splitOverProcesses } from '../../src/measure/split.ts';
import { startQuietTrial, type TrialSettings } from '../../src/measure/trial.ts';
import { duration, percent, ratio } from '../../src/report/units.ts';
import { gains } from '../../src/report/edges.ts';
import type { Rows } from '../rows.ts';
import type { Case, Plan, Section, Size, Suite } from '../suite.ts';
import { expectAllOk } from '../trial.ts';

interface Load {
  readonly costMs: number;
  readonly tasks: number;
}

const LOADS: Readonly<Record<Size, { readonly repeats: number; readonly loads: readonly Load[] }>> = {
  quick: {
    repeats: 1,
    loads: [
      { costMs: 0.01, tasks: 2000 },
      { costMs: 1, tasks: 80 },
      { costMs: 20, tasks: 8 },
    ],
  },
  default: {
    repeats: 5,
    loads: [
      { costMs: 0.01, tasks: 5000 },
      { costMs: 1, tasks: 200 },
      { costMs: 20, tasks: 24 },
    ],
  },
  full: {
    repeats: 9,
    loads: [
      { costMs: 0.01, tasks: 100_000 },
      { costMs: 1, tasks: 1000 },
      { costMs: 20, tasks: 96 },
    ],
  },
};

const CONCURRENCY = 10;
const SEQUENTIAL = 'sequential';
const LIMIT = 'limit: a process for each core';
/** A run shorter than this is repeated within its trial, in milliseconds. */
const SAMPLE_MS = 250;

const titleOf = (costMs: number) => `Tasks of ${duration(costMs)}`;
const threadsName = (threads: number | 'all', batched: boolean) =>
  `worker-threads, ${threads === 'all' ? 'all cores' : threads}${batched ? ', batched' : ''}`;

function plan(size: Size): Plan {
  const { repeats, loads } = LOADS[size];
  return {
    settings: {
      tasks: loads.map(({ tasks }) => tasks),
      costMs: loads.map(({ costMs }) => costMs),
      concurrency: CONCURRENCY,
    },
    repeats,
    sections: loads.map(sectionOf),
    closing,
  };
}

function sectionOf({ costMs, tasks }: Load): Section {
  const cores = availableParallelism();
  let rounds = 0;
  /** Counted once, so that all cases do the same work. */
  const roundsOf = () => {
    if (rounds === 0) rounds = calibrate(costMs);
    return rounds;
  };

  const settingsOf = (
    approach: ApproachName,
    requests: number,
    threads: number,
    saidToCostMs = costMs,
  ): TrialSettings =>
    trialSettings(
      approach,
      {
        kind: 'cpu',
        job: 'price-order',
        approaches: [approach],
        requests,
        concurrency: CONCURRENCY,
        threads,
        costMs,
      },
      { kind: 'cpu', job: 'price-order', rounds: roundsOf(), costMs: saidToCostMs },
    );

  const trial = (name: string, settings: () => TrialSettings, parallel: number): Case => ({
    name,
    estimateMs: 210 + 1.1 * Math.max(SAMPLE_MS, (costMs * tasks) / parallel),
    async run({ signal }) {
      await using ready = await startQuietTrial(settings(), signal);
      const measurement = await ready.run();
      expectAllOk(measurement);
      return { timeMs: measurement.timesMs, cpuMs: measurement.cpuMs };
    },
  });

  const threaded = (threads: number | 'all', batched: boolean): Case => {
    const count = threads === 'all' ? cores : threads;
    return trial(
      threadsName(threads, batched),
      // A task that takes a second is sent in a message of its own. So we say that it takes one.
      () => settingsOf('worker-threads', tasks, count, batched ? costMs : 1000),
      Math.min(count, cores),
    );
  };

  const isBatched = (threads: number) => batchSizeFor({ costMs, count: tasks, threads }) > 1;
  const threadCounts = [1, 2, 'all'] as const;
  return {
    title: titleOf(costMs),
    note: `Each case computes ${tasks.toLocaleString('en')} tasks. Usually a thread gets one task in each message. "Batched" means several tasks in a message, so that the message costs little beside the work.`,
    columns: {
      timeMs: { title: 'time', show: duration },
      speedup: { title: 'speed-up', show: ratio },
      ofLimit: { title: 'of the limit', show: percent },
      cpuMs: { title: 'CPU', show: duration, alone: true },
    },
    ratios: [
      { figure: 'timeMs', baseline: SEQUENTIAL, as: 'speedup', inverse: true },
      { figure: 'timeMs', baseline: LIMIT, as: 'ofLimit', inverse: true },
    ],
    cases: [
      ...(['sequential', 'promise-all', 'bounded-pool'] as const).map((approach) =>
        trial(approach, () => settingsOf(approach, tasks, 1), 1),
      ),
      ...threadCounts.flatMap((threads) => [
        threaded(threads, false),
        ...(isBatched(threads === 'all' ? cores : threads) ? [threaded(threads, true)] : []),
      ]),
      {
        name: LIMIT,
        estimateMs: 350 + 1.1 * Math.max(SAMPLE_MS, (costMs * tasks) / cores),
        run: async ({ signal }) => ({
          timeMs: await splitOverProcesses(
            startQuietTrial,
            sharesOf(tasks, cores).map((share) => settingsOf('sequential', share, 1)),
            signal,
          ),
        }),
      },
    ],
  };
}

function closing(rows: Rows): string[] {
  const sentences: string[] = [];
  const long = titleOf(20);
  const async = ['promise-all', 'bounded-pool'];
  const baseline = rows.spread(long, SEQUENTIAL, 'timeMs');
  const gainsNothing = (name: string) => {
    const times = rows.spread(long, name, 'timeMs');
    return baseline !== undefined && times !== undefined && gains(times, baseline) === false;
  };
  if (async.every(gainsNothing)) sentences.push('No async approach is seen to gain anything on CPU work.');
  const gain = (title: string, name: string, figure = 'speedup') => rows.spread(title, name, figure)?.median;
  const ofProcesses = gain(long, LIMIT);
  if (rows.smaller(long, 'timeMs', LIMIT, SEQUENTIAL) && ofProcesses) {
    sentences.push(`Separate processes do gain: ${ratio(ofProcesses)} as fast with one for each core.`);
  }
  const all = threadsName('all', false);
  const ofThreads = gain(long, all);
  const ofLimit = gain(long, all, 'ofLimit');
  if (rows.smaller(long, 'timeMs', all, SEQUENTIAL) && ofThreads && ofLimit) {
    sentences.push(
      `Threads on all cores are ${ratio(ofThreads)} as fast as one, ${percent(ofLimit)} of what separate processes reach.`,
    );
  }
  const short = titleOf(0.01);
  const ofTiny = gain(short, all);
  if (rows.smaller(short, 'timeMs', SEQUENTIAL, all) && ofTiny) {
    sentences.push(
      `One task of 10 µs in a message takes ${ratio(1 / ofTiny)} the time it takes without a thread.`,
    );
  }
  return sentences;
}

export const cpu: Suite = {
  name: 'cpu',
  summary:
    'Does async help when the work is computing? How much do threads help, and how large must a task be?',
  plan,
};
