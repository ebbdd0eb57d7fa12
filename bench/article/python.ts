// What Python offers to the article's measurements: a program for each way, in the folder python. find-python.ts finds the
// Python that runs them.
import { availableParallelism } from 'node:os';
import { LeftOut, type Context } from '../suite.ts';
import { commandOf, type PythonHere } from './find-python.ts';
import type { Program } from './foreign.ts';
import { computeBy, sendBy, type ComputeSettings, type SendAsk } from './foreign-ways.ts';
import type { ComputingWay, Language, Manner, PitfallPrograms, WaitingWay } from './language.ts';

export interface PythonAmounts {
  readonly atOnce: readonly number[];
  readonly threads: readonly number[];
  /** Requests before the clock starts. */
  readonly warmup: number;
  /** CPU time of a task, in milliseconds. */
  readonly costMs: number;
  /** So many threads compute, and so many processes. Without it, one for each core of this machine. */
  readonly cores?: number;
  /** The system that the programs run on. Without it, this one. */
  readonly platform?: string;
}

/**
 * A task is so many turns of a loop. To find out how many, some tasks of a few milliseconds are computed. There are so many of
 * them because the clock of CPU time has ticks of 10 to 16 ms on some systems.
 */
const PROBE = { tasks: 60, rounds: 50_000 } as const;
/** Each thread or process computes so many tasks before the clock starts, as in a trial of Node. */
const WARM_TASKS = 2;

/** aiohttp's own limit of connections, which the article's program leaves as it is. */
const AIOHTTP_LIMIT = 100;

/** A process of Python starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 120;

/**
 * The turns of the loop that take `costMs`, if those of PROBE took `cpuMs`.
 * @throws {Error} if the clock of CPU time stood still
 */
export function roundsOf(costMs: number, cpuMs: number | undefined): number {
  if (cpuMs === undefined || !(cpuMs > 0)) {
    throw new Error(`expected the CPU time of ${PROBE.tasks} tasks, got ${cpuMs} ms`);
  }
  return Math.max(1, Math.round((PROBE.rounds * PROBE.tasks * costMs) / cpuMs));
}

/** Python's pool of processes refuses to watch more of them on Windows. */
const MOST_ON_WINDOWS = 61;

/** How many processes compute: one for each core, if the system allows so many. */
export const workersOf = (cores: number, platform: string): number =>
  platform.startsWith('win32') ? Math.min(cores, MOST_ON_WINDOWS) : cores;

export function python(
  here: PythonHere,
  {
    atOnce,
    threads,
    warmup,
    costMs,
    cores = availableParallelism(),
    platform = process.platform,
  }: PythonAmounts,
): Language {
  /** @throws {LeftOut} if there is no Python, or no aiohttp where the program needs it */
  function program(file: string, needsAiohttp = false): Program {
    if ('missing' in here) throw new LeftOut(here.missing);
    if (needsAiohttp && here.withoutAiohttp !== undefined) throw new LeftOut(here.withoutAiohttp);
    const called = `Python ${here.version}${needsAiohttp ? ` with aiohttp ${here.aiohttp}` : ''}`;
    return { called, ...commandOf(here.command, file) };
  }

  const waiting = (name: string, manner: Manner, size: SendAsk['atOnce'], file: string): WaitingWay => ({
    name,
    manner,
    client: 'http.client',
    atOnce: size,
    startMs: PROCESS_MS,
    send: (requests, context) => sendBy(program(file), { requests, warmup, atOnce: size }, context),
  });

  /** `limit` is the limit of connections that aiohttp gets. 0 means none. */
  const gather = (name: string, size: SendAsk['atOnce'], limit: number | 'default'): WaitingWay => ({
    name,
    manner: 'in one thread',
    client: 'aiohttp',
    atOnce: size,
    isArticles: limit === 'default',
    startMs: PROCESS_MS,
    send: (requests, context) =>
      sendBy(program('gather.py', true), { requests, warmup, atOnce: size, more: { limit } }, context),
  });

  const compute = (file: string, settings: Omit<ComputeSettings, 'warmup'>, context: Context) =>
    computeBy(program(file), { ...settings, warmup: WARM_TASKS * settings.workers }, context);

  let rounds: number | undefined;
  /** Measured once, so that all ways do the same work. */
  async function measuredRounds(context: Context): Promise<number> {
    if (rounds === undefined) {
      const { cpuMs } = await compute('compute_sequential.py', { ...PROBE, workers: 1 }, context);
      rounds = roundsOf(costMs, cpuMs);
    }
    return rounds;
  }

  const processes = workersOf(cores, platform);
  const computing = (name: string, manner: Manner, workers: number, file: string): ComputingWay => ({
    name,
    manner,
    workers,
    startMs: PROCESS_MS,
    compute: async (tasks, context) =>
      compute(file, { tasks, rounds: await measuredRounds(context), workers }, context),
  });

  const pitfall = (file: string, wrong: string, right: string, needsAiohttp = true): PitfallPrograms => ({
    wrong: `Python: ${wrong}`,
    right: `Python: ${right}`,
    program: () => program(file, needsAiohttp),
  });

  return {
    name: 'Python',
    note: 'gather uses aiohttp, the other rows use http.client.',
    waiting: [
      waiting('one by one (http.client)', 'one by one', 1, 'sequential.py'),
      ...atOnce
        .filter((lanes) => lanes !== AIOHTTP_LIMIT)
        .map((lanes) => gather(`gather, limit ${lanes}`, lanes, lanes)),
      gather(`gather, default limit (${AIOHTTP_LIMIT})`, AIOHTTP_LIMIT, 'default'),
      gather('gather, no limit', 'all', 0),
      ...threads.map((count) => waiting(`threads, C = ${count}`, 'in threads', count, 'threads.py')),
    ],
    computing: [
      computing('one by one', 'one by one', 1, 'compute_sequential.py'),
      computing('gather', 'in one thread', 1, 'compute_gather.py'),
      computing(`threads, ${cores}`, 'in threads', cores, 'compute_threads.py'),
      computing(`multiprocessing, ${processes}`, 'in processes', processes, 'compute_processes.py'),
    ],
    pitfalls: {
      'blocking sleep': pitfall('blocking_sleep.py', 'time.sleep', 'asyncio.sleep', false),
      'forgotten await': pitfall('forgotten_await.py', 'no await', 'await'),
      'sync in async': pitfall('sync_in_async.py', 'http.client', 'aiohttp'),
      deadlock: pitfall('deadlock.py', 'result() of a coroutine', 'await'),
    },
  };
}
