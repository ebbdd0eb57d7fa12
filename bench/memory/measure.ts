// Measures what one more waiting request costs, and one more thread. Each runs in a process of its own.
import { once } from 'node:events';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Session } from '../../src/api/session.ts';
import type { Stats } from '../../src/api/counters.ts';
import { collectGarbage } from '../../src/measure/garbage.ts';
import type { Findings } from '../findings.ts';
import { liveHeapBytes } from '../timing.ts';

const MIB = 2 ** 20;
const residentMiB = () => process.memoryUsage.rss() / MIB;

export interface PendingInput {
  /** An API whose orders take far longer than this measurement. */
  readonly origin: string;
  readonly requests: number;
}

/** Requests that have reached the API and wait for their answer, each on a socket of its own. */
export async function pendingRequests({ origin, requests }: PendingInput): Promise<Findings> {
  await using watcher = new Session({ origin, connections: 1 });
  const inFlight = async () => ((await watcher.getJson('/stats')).body as Stats).inFlight;
  await inFlight();
  const session = new Session({ origin, connections: requests });
  const heapBefore = liveHeapBytes();
  const residentBefore = residentMiB();
  const pending = Array.from({ length: requests }, (_, index) => session.getJson(`/orders/${index + 1}`));
  const ended = Promise.allSettled(pending);
  while ((await inFlight()) < requests) await wait(10);
  const heapBytes = liveHeapBytes() - heapBefore;
  const resident = residentMiB() - residentBefore;
  await session[Symbol.asyncDispose]();
  await ended;
  return { heapBytesEach: heapBytes / requests, residentMiBEach: resident / requests };
}

export interface ThreadsInput {
  readonly threads: number;
  /** A module that each thread loads; without it the thread is empty. */
  readonly module?: string;
}

/** Threads that have started, and loaded their module where they have one, and now wait. */
export async function idleThreads({ threads, module }: ThreadsInput): Promise<Findings> {
  const source = `import { parentPort } from 'node:worker_threads';
    ${module === undefined ? '' : `await import(${JSON.stringify(module)});`}
    parentPort.on('message', () => {});
    parentPort.postMessage('ready');`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const start = async () => {
    const worker = new Worker(url);
    await once(worker, 'message');
    return worker;
  };
  // The first thread loads what all share: the compile cache, the code of node:worker_threads.
  const first = await start();
  collectGarbage();
  await turn();
  const before = residentMiB();
  const startMs = performance.now();
  const workers: Worker[] = [];
  for (let count = 0; count < threads; count++) workers.push(await start());
  const elapsedMs = performance.now() - startMs;
  const residentMiBEach = (residentMiB() - before) / threads;
  await Promise.all([first, ...workers].map((worker) => worker.terminate()));
  return { residentMiBEach, startMs: elapsedMs / threads };
}
