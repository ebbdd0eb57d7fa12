// The worker thread's side of the reader's own work. The thread imports the module itself. Its inputs come in messages,
// because only one may draw them.
import { workerData } from 'node:worker_threads';
import type { OwnJobSettings } from '../jobs/job.ts';
import { retriedFrom } from '../jobs/open.ts';
import { openOwnTask } from '../jobs/open-own.ts';
import { loadOwnWork } from '../jobs/own-work.ts';
import { toColumns, type Columns } from './columns.ts';
import { endWith } from './own-threads.ts';
import { recorded, type Recorded } from './recorded.ts';
import { told } from './told.ts';

export interface OwnThreadSettings {
  readonly job: OwnJobSettings;
  /** The name of the channel on which threads are told to put away what `setUp` made. */
  readonly channel: string;
}

interface NumberedInput {
  readonly number: number;
  readonly input: unknown;
}

const { job, channel } = workerData as OwnThreadSettings;

// What it imports is loaded before the first batch. No top-level await: piscina requires the module first, and would load it
// a second time.
const loading = loadOwnWork(job.path);
loading.catch(() => {}); // reported by the first batch

/** Opened by the first batch: a thread that gets none must set nothing up. */
let opening: ReturnType<typeof openOwnTask> | undefined;

endWith(channel, async () => {
  const opened = await opening?.catch(() => undefined);
  await opened?.[Symbol.asyncDispose]();
});

/** A thread cannot report that a task hangs. So it ends itself. Its inputs then count as lost, with this error. */
function endThread(): void {
  setImmediate(() => {
    throw new Error(
      `the task did not end within ${job.timeoutMs} ms (--timeout), nor when its signal aborted`,
    );
  });
}

/** Results that are looked at before they are sent. If the first ones can be sent, the others are of the same kind. */
const LOOKED_AT = 20;
let looked = 0;

/** @throws {Error} for a result that cannot be sent: a thread that tries ends without a word about the reason */
function sendable(result: unknown): unknown {
  const isSimple = typeof result !== 'function' && (typeof result !== 'object' || result === null);
  if (isSimple || looked++ >= LOOKED_AT) return result;
  try {
    structuredClone(result);
    return result;
  } catch (error) {
    throw new Error('the result cannot be sent from a thread: structuredClone refuses it', { cause: error });
  }
}

export default async function runBatch(batch: readonly NumberedInput[]): Promise<Columns> {
  const { task } = await (opening ??= openOwnTask(job, endThread));
  const patient = job.retries ? retriedFrom(job.retries, 0, task) : task;
  const records: Recorded[] = [];
  for (const { number, input } of batch) {
    const run = recorded(async (_, signal) => sendable(await patient(input, signal)));
    records.push(await (job.tells ? told(run) : run)(number));
  }
  return toColumns(records);
}
