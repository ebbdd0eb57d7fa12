// A thread in which a task fails for ever. It answers how long it would have waited between the tries.
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const { seed, retries } = workerData as { readonly seed: number; readonly retries: SharedArrayBuffer };
const waits: unknown[] = [];
promises.setTimeout = (async (ms: unknown) => void waits.push(ms)) as never;
syncBuiltinESMExports(); // or the modules under test would import the real timer

const { retriedFrom } = await import('../../src/jobs/open.ts');
const refused = () => Promise.reject(Object.assign(new Error('the kitchen is full'), { status: 503 }));
await Promise.allSettled([retriedFrom(retries, seed, refused)(1)]);
parentPort!.postMessage(waits, []);
