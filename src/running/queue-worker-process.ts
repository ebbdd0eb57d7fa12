// The process of a worker. It opens the job as trials and threads do, draws inputs from the queue, and puts a record of each
// into the queue: what happened, when, and in which worker.
import { workOff } from '../approaches/job-queue.ts';
import { receiveSettings } from '../child.ts';
import { jsonProblem, storableText } from '../jobs/json-value.ts';
import type { JobSettings } from '../jobs/job.ts';
import { openJob, retriedFrom } from '../jobs/open.ts';
import { openOwnTask } from '../jobs/open-own.ts';
import { openBoss } from '../queue/boss.ts';
import { QueueFailure } from '../queue/failure.ts';
import type { QueuedInput, QueueWorkerMessage, QueueWorkerSettings } from './queue-worker.ts';
import { recorded, type Recorded } from './recorded.ts';

type Perform = (queued: QueuedInput, signal: AbortSignal | undefined) => unknown;

const { database, queue, worker, concurrency, work, repeats } = await receiveSettings<QueueWorkerSettings>();

/** The repeats of failures that are left to this worker in the run that it works for. */
const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
let run = 0;

try {
  const perform = await performFor(work);
  // One to take or store jobs, and one for the heartbeats. The submitter looks for workers that have died.
  const boss = await openBoss(database, { connections: 2, superviseSeconds: 0 });
  const jobs = await boss.worker<QueuedInput, Recorded>(queue);
  say({ isReady: true, pid: process.pid });
  await workOff(jobs, (queued, signal) => recordOf(queued, perform, signal), { concurrency });
} catch (error) {
  if (!(error instanceof QueueFailure)) throw error;
  say({ failed: error.message });
}

function say(message: QueueWorkerMessage): void {
  process.send!(message);
}

/** What is done to an input. */
async function performFor(settings: JobSettings): Promise<Perform> {
  if (settings.kind !== 'own') {
    const isPatient = settings.kind === 'io' && repeats;
    const { task } = await openJob(isPatient ? { ...settings, retries } : settings);
    return ({ number }, signal) => task(number, signal);
  }
  /** The numbers of the inputs in flight: who hangs is known by its input alone. */
  const numbers = new Map<unknown, number>();
  const { task } = await openOwnTask(settings, (input) => say({ hangs: numbers.get(input) ?? 0 }));
  const patient = repeats ? retriedFrom(retries, 0, task) : task;
  return async ({ number, input }, signal) => {
    numbers.set(input, number);
    return sendable(await patient(input, signal));
  };
}

/** @throws {Error} for a result that the queue cannot carry */
function sendable(result: unknown): unknown {
  const problem = jsonProblem(result);
  if (problem === undefined) return result;
  throw new Error(`the result ${problem}, and a queue carries only JSON`);
}

/** What happened to an input. A failure is a record too, so the queue hands no input out a second time for it. */
async function recordOf(queued: QueuedInput, perform: Perform, signal: AbortSignal): Promise<Recorded> {
  if (queued.run !== run) {
    run = queued.run;
    Atomics.store(new Int32Array(retries), 0, queued.retries);
  }
  const record = await recorded((_, inner) => perform(queued, inner))(queued.number, signal);
  const { error, ...span } = record.span;
  return {
    ...record,
    span: { ...span, thread: worker, ...(error !== undefined && { error: storableText(error) }) },
  };
}
