// Measures one turn of a case: handing data over, an empty task, starting threads, tasks of a given size.
import { once } from 'node:events';
import { priceOf } from '../../src/jobs/price-order.ts';
import { collectGarbage } from '../../src/measure/garbage.ts';
import type { Findings } from '../findings.ts';
import { timesMs } from '../timing.ts';
import { bareThread, LIBRARIES, untilAllAnswered, type LibraryName } from './threads.ts';

export type Way = 'clone' | 'transfer' | 'share';

export interface Parcel {
  readonly how: Way;
  readonly bytes: Uint8Array;
}

export interface HandoverInput {
  readonly how: Way;
  readonly bytes: number;
  readonly samples: number;
}

/** To a bare thread and back, in the same way in both directions. */
export async function handover({ how, bytes: length, samples }: HandoverInput): Promise<Findings> {
  using worker = await bareThread(new URL('./echo-worker.ts', import.meta.url));
  const memory = how === 'share' ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
  let parcel: Parcel = { how, bytes: new Uint8Array(memory).fill(1) };
  const send = async () => {
    const answer = once(worker, 'message');
    worker.postMessage(parcel, how === 'transfer' ? [parcel.bytes.buffer as ArrayBuffer] : []);
    [parcel] = (await answer) as [Parcel];
  };
  const times = await timesMs(send, { samples, warmup: samples });
  if (parcel.bytes.length !== length) throw new Error(`expected ${length} bytes, got ${parcel.bytes.length}`);
  return { roundTripMs: times };
}

export interface LibraryInput {
  readonly library: LibraryName;
  readonly threads: number;
}

/** One empty task after the other. */
export async function roundTrip({
  library,
  threads,
  samples,
}: LibraryInput & { readonly samples: number }): Promise<Findings> {
  await using pool = await LIBRARIES[library](threads);
  await untilAllAnswered(pool, threads);
  return { roundTripMs: await timesMs(() => pool.run(0), { samples, warmup: samples }) };
}

/** From the first line to an answer of every thread, and what each of them added to the process. */
export async function startUp({ library, threads }: LibraryInput): Promise<Findings> {
  collectGarbage();
  const before = process.memoryUsage.rss();
  const startMs = performance.now();
  await using pool = await LIBRARIES[library](threads);
  await untilAllAnswered(pool, threads);
  const elapsedMs = performance.now() - startMs;
  const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
  return { allReadyMs: elapsedMs, mibPerThread: grownMiB / threads };
}

export interface PaysInput {
  readonly rounds: number;
  readonly tasks: number;
  readonly threads: number;
  readonly samples: number;
}

/** The same tasks on the main thread and in threads by turns, one task in a message. */
export async function pays({ rounds, tasks, threads, samples }: PaysInput): Promise<Findings> {
  await using pool = await LIBRARIES.piscina(threads);
  await untilAllAnswered(pool, threads);
  const onMain = async () => {
    for (let task = 0; task < tasks; task++) priceOf(task, rounds);
  };
  const inThreads = () => Promise.all(Array.from({ length: tasks }, () => pool.run(rounds)));
  await onMain();
  await inThreads();
  const mainMs: number[] = [];
  const threadsMs: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    mainMs.push(...(await timesMs(onMain, { samples: 1 })));
    threadsMs.push(...(await timesMs(inThreads, { samples: 1 })));
  }
  const perTask = (times: readonly number[]) => times.map((ms) => ms / tasks);
  return {
    mainMsPerTask: perTask(mainMs),
    threadsMsPerTask: perTask(threadsMs),
    gain: mainMs.map((ms, index) => ms / threadsMs[index]!),
  };
}
