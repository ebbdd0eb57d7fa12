// The cases of one table: each of our approaches, run by each client. They send requests, or they compute.
import { availableParallelism } from 'node:os';
import { calibrate } from '../../../src/jobs/price-order.ts';
import type { Findings } from '../../findings.ts';
import type { Case, Size } from '../../suite.ts';
import { COMPUTING_REPEATS } from '../computing.ts';
import { computeBy, sendBy } from '../foreign-ways.ts';
import { LATENCY_MS, WARMUP, warmupMs } from '../waiting.ts';
import type { Client } from './clients.ts';
import type { FetchMore } from './fetch.ts';
import { CONCURRENCY, rowName, type Way } from './names.ts';
import type { PriceMore } from './price.ts';

export interface Amounts {
  /** Requests before the clock starts. */
  readonly warmup: number;
  readonly oneByOne: number;
  readonly requests: number;
  readonly tasks: number;
  readonly computingRepeats: number;
}

export const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: {
    warmup: WARMUP.quick,
    oneByOne: 2,
    requests: 100,
    tasks: 8,
    computingRepeats: COMPUTING_REPEATS.quick,
  },
  default: {
    warmup: WARMUP.default,
    oneByOne: 5,
    requests: 400,
    tasks: 24,
    computingRepeats: COMPUTING_REPEATS.default,
  },
  full: {
    warmup: WARMUP.full,
    oneByOne: 10,
    requests: 1000,
    tasks: 96,
    computingRepeats: COMPUTING_REPEATS.full,
  },
};

/** CPU time of a task in Node, in milliseconds. */
export const COST_MS = 20;

/** A process starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 300;

export function casesOf(
  clients: readonly Client[],
  { warmup, oneByOne, requests, tasks, computingRepeats }: Amounts,
): Case[] {
  const cores = availableParallelism();
  let rounds = 0;
  /** Calibrated once, so that all runtimes do the same work. */
  const roundsOf = () => {
    if (rounds === 0) rounds = calibrate(COST_MS);
    return rounds;
  };

  const sending = (client: Client, way: Way, approach: FetchMore['approach'], count: number): Case => {
    const atOnce = { sequential: 1, 'bounded-pool': CONCURRENCY, 'promise-all': count }[approach];
    const limitMs = (count / atOnce) * LATENCY_MS;
    const more: FetchMore = { approach, client: client.client };
    return {
      name: rowName(client.called, way),
      estimateMs: PROCESS_MS + warmupMs(warmup) + Math.max(limitMs, count),
      async run(context): Promise<Findings> {
        const { timesMs, cpuMs, peakMiB, peakInFlight } = await sendBy(
          client.program('./fetch.ts'),
          { requests: count, warmup, atOnce: approach === 'promise-all' ? 'all' : atOnce, more },
          context,
        );
        return {
          inputs: count,
          msPerInput: timesMs.map((ms) => ms / count),
          cpuMsPerInput: cpuMs / count,
          ...(peakMiB !== undefined && { peakMiB }),
          ofLimit: timesMs.map((ms) => limitMs / ms),
          peakInFlight,
        };
      },
    };
  };

  const computing = (client: Client, way: Way, approach: PriceMore['approach']): Case => ({
    name: rowName(client.called, way),
    repeats: computingRepeats,
    // Once to warm up, and once to measure.
    estimateMs: PROCESS_MS + 2 * tasks * COST_MS,
    async run(context): Promise<Findings> {
      const settings = { approach, tasks, rounds: roundsOf(), workers: cores };
      const { timesMs, cpuMs, peakMiB } = await computeBy(client.program('./price.ts'), settings, context);
      return {
        inputs: tasks,
        msPerInput: timesMs.map((ms) => ms / tasks),
        ...(cpuMs !== undefined && { cpuMsPerInput: cpuMs / tasks }),
        ...(peakMiB !== undefined && { peakMiB }),
      };
    },
  });

  return clients.flatMap((client) => [
    sending(client, 'oneByOne', 'sequential', oneByOne),
    sending(client, 'pool', 'bounded-pool', requests),
    sending(client, 'all', 'promise-all', requests),
    ...(client.computes
      ? [
          computing(client, 'computing', 'sequential'),
          computing(client, 'computingAll', 'promise-all'),
          computing(client, 'computingInThreads', 'worker-threads'),
        ]
      : []),
  ]);
}
