// What Python offers to the article's measurements: a program for each way, in the folder python. find-python.ts finds the
// Python that runs them.
import { availableParallelism } from 'node:os';
import { LeftOut } from '../suite.ts';
import { commandOf, type PythonHere } from './find-python.ts';
import type { Program } from './foreign.ts';
import { computeBy, sendBy, type SendAsk } from './foreign-ways.ts';
import type { ComputingWay, Language, Manner, PitfallPrograms, WaitingWay } from './language.ts';

export interface PythonAmounts {
  readonly atOnce: readonly number[];
  readonly threads: readonly number[];
  /** Requests before the clock starts. */
  readonly warmup: number;
  /** How many turns of a loop a task computes. */
  readonly rounds: number;
}

/** aiohttp's own limit of connections, which the article's program leaves as it is. */
const AIOHTTP_LIMIT = 100;

/** A process of Python starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 250;

export function python(here: PythonHere, { atOnce, threads, warmup, rounds }: PythonAmounts): Language {
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

  const cores = availableParallelism();
  const computing = (name: string, manner: Manner, workers: number, file: string): ComputingWay => ({
    name,
    manner,
    workers,
    startMs: PROCESS_MS,
    compute: (tasks, context) => computeBy(program(file), { tasks, rounds, workers }, context),
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
      computing(`multiprocessing, ${cores}`, 'in processes', cores, 'compute_processes.py'),
    ],
    pitfalls: {
      'blocking sleep': pitfall('blocking_sleep.py', 'time.sleep', 'asyncio.sleep', false),
      'forgotten await': pitfall('forgotten_await.py', 'no await', 'await'),
      'sync in async': pitfall('sync_in_async.py', 'http.client', 'aiohttp'),
      deadlock: pitfall('deadlock.py', 'result() of a coroutine', 'await'),
    },
  };
}
