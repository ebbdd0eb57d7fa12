// Measures one turn of one peer, in a process of its own: its time, its live heap, lazy inputs, uneven tasks.
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { chance } from '../../src/api/random.ts';
import { watchMemory } from '../../src/measure/memory.ts';
import type { Findings } from '../findings.ts';
import { liveHeapBytes, timesMs } from '../timing.ts';
import { peerOf, type PeerName, type Run } from './peers.ts';

export interface PeerInput {
  readonly peer: PeerName;
  readonly tasks: number;
  readonly concurrency: number;
}

export interface TimedInput extends PeerInput {
  readonly samples: number;
  readonly warmup: number;
}

const numbersBelow = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What the peer adds to each of many tasks that do nothing. */
export async function time({ peer, tasks, concurrency, samples, warmup }: TimedInput): Promise<Findings> {
  const run = await peerOf(peer).load();
  const inputs = numbersBelow(tasks);
  const task = async (input: number) => input;
  const times = await timesMs(() => run(inputs, task, { concurrency }), { samples, warmup });
  return { nsPerTask: times.map((ms) => (ms * 1e6) / tasks) };
}

/**
 * Live heap for each task, inputs not counted: the most of three moments. When the first tasks are in flight, at
 * half time, and when all is done and the results are there.
 */
export async function heap({ peer, tasks, concurrency }: PeerInput): Promise<Findings> {
  const run = await peerOf(peer).load();
  await run(numbersBelow(1000), async (input) => input, { concurrency });
  const inputs = numbersBelow(tasks);
  const stops = [0, tasks >> 1].map((first) => ({
    first,
    arrived: 0,
    full: Promise.withResolvers<void>(),
    open: Promise.withResolvers<void>(),
  }));
  const task = async (input: number) => {
    const stop = stops.find(({ first }) => input >= first && input < first + concurrency);
    if (stop) {
      if (++stop.arrived === concurrency) stop.full.resolve();
      await stop.open.promise;
    }
    return input;
  };
  const before = liveHeapBytes();
  const running = run(inputs, task, { concurrency });
  let most = 0;
  for (const { full, open } of stops) {
    await full.promise;
    await turn(); // by then the peer has submitted all that it submits by itself
    most = Math.max(most, liveHeapBytes() - before);
    open.resolve();
  }
  const results = await running;
  most = Math.max(most, liveHeapBytes() - before);
  if (results.length !== tasks) throw new Error(`expected ${tasks} results, got ${results.length}`);
  return { bytesPerTask: most / tasks };
}

/** Many inputs from a generator: how many are drawn before the first task has ended, and what that costs. */
export async function lazy({ peer, tasks, concurrency }: PeerInput): Promise<Findings> {
  const run = await peerOf(peer).load();
  let drawn = 0;
  /** How many were drawn when the first task ended. */
  let drawnAtFirstEnd = 0;
  function* inputs() {
    for (; drawn < tasks; drawn++) yield drawn;
  }
  const task = async (input: number) => {
    if (input < concurrency) await turn(); // every lane waits one turn, so that a peer that draws ahead has time for it
    // The generator still stands at its `yield`, so `drawn` does not count its last input yet.
    if (input === 0) drawnAtFirstEnd = drawn + 1;
    return input;
  };
  const before = liveHeapBytes();
  const memory = watchMemory();
  const startMs = performance.now();
  const results = await run(inputs(), task, { concurrency });
  const ms = performance.now() - startMs;
  const peakMiB = memory.stop() - memory.baselineMiB;
  const liveMiB = (liveHeapBytes() - before) / 2 ** 20;
  if (results.length !== tasks) throw new Error(`expected ${tasks} results, got ${results.length}`);
  return {
    drawnAhead: Math.min(drawnAtFirstEnd, tasks),
    peakMiB,
    liveAtEndMiB: liveMiB,
    nsPerTask: (ms * 1e6) / tasks,
  };
}

export interface UnevenInput extends PeerInput {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly samples: number;
}

/** Tasks that wait unequally long. The lower bound is the sum of the real waits divided by C, or the longest wait. */
export async function uneven(settings: UnevenInput): Promise<Findings> {
  const { peer, tasks, concurrency, shortestMs, longestMs, samples } = settings;
  return unevenBy(await peerOf(peer).load(), { tasks, concurrency, shortestMs, longestMs, samples });
}

/** The same tasks in waves: so many at once, and the next when all of them are done. */
export async function unevenInWaves(settings: Omit<UnevenInput, 'peer'>): Promise<Findings> {
  const waves: Run = async (inputs, task, { concurrency }) => {
    const all = [...inputs];
    const results: Array<Awaited<ReturnType<typeof task>>> = [];
    for (let start = 0; start < all.length; start += concurrency) {
      results.push(...(await Promise.all(all.slice(start, start + concurrency).map(task))));
    }
    return results;
  };
  return unevenBy(waves, settings);
}

async function unevenBy(
  run: Run,
  { tasks, concurrency, shortestMs, longestMs, samples }: Omit<UnevenInput, 'peer'>,
): Promise<Findings> {
  const inputs = numbersBelow(tasks);
  /** What all waits of a run took together, and the longest of them. */
  let sumMs = 0;
  let slowestMs = 0;
  const bounds: number[] = [];
  const task = async (input: number) => {
    const startMs = performance.now();
    await wait(shortestMs + Math.floor((longestMs - shortestMs + 1) * chance(1, 'uneven', input)));
    const tookMs = performance.now() - startMs;
    sumMs += tookMs;
    slowestMs = Math.max(slowestMs, tookMs);
  };
  const times = await timesMs(
    async () => {
      sumMs = 0;
      slowestMs = 0;
      await run(inputs, task, { concurrency });
      bounds.push(Math.max(sumMs / concurrency, slowestMs));
    },
    { samples },
  );
  return { timeMs: times, ratioToBound: times.map((ms, index) => ms / bounds[index]!) };
}
