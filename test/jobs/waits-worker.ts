// A thread that fetches one order, without waiting between the tries, and answers how long it would have waited.
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { NamedJobSettings } from '../../src/jobs/job.ts';

const waits: unknown[] = [];
promises.setTimeout = (async (ms: unknown) => void waits.push(ms)) as never;
syncBuiltinESMExports(); // or the modules under test would import the real timer

const { openJob } = await import('../../src/jobs/open.ts');
await using job = await openJob(workerData as NamedJobSettings);
await Promise.allSettled([job.task(1)]);
parentPort!.postMessage(waits, []);
