// The process of a worker. It opens the job as trials and threads do, takes inputs from the queue, and stores a record of each
// in the queue: what happened, when, and in which worker.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { workOff } from '../approaches/job-queue.ts';
import { receiveSettings } from '../child.ts';
import { jsonProblem, storableText } from '../jobs/json-value.ts';
import type { JobSettings } from '../jobs/job.ts';
import { openJob, retriedFrom } from '../jobs/open.ts';
import { openOwnTask } from '../jobs/open-own.ts';
import { openBoss } from '../queue/boss.ts';
import { QueueFailure } from '../queue/failure.ts';
import {
  WARM_UP,
  type QueuedInput,
  type QueueWorkerMessage,
  type QueueWorkerSettings,
} from './queue-worker.ts';
import { recorded, type Recorded } from './recorded.ts';

type Perform = (queued: QueuedInput, signal: AbortSignal | undefined) => unknown;

const { database, queue, worker, workers, concurrency, inHand, work, repeats } =
  await receiveSettings<QueueWorkerSettings>();

/** The longest pause of an idle worker, in milliseconds. It is short: a run must not wait long for a worker to ask. */
const LONGEST_PAUSE_MS = 10;
/** A worker takes at most so many jobs in advance. With so many, a question to the database costs little for each. */
const MOST_IN_HAND = 100;
/** How long outputs of tasks that compute may wait for each other, in milliseconds. */
const STORE_WITHIN_MS = 100;

/** How often this worker may still try again after a failure in this run. */
const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
let run = 0;
/** How many jobs were put in after the one that was begun last. */
let waiting = 0;
/** Resolves when the previous task has begun. */
let lastTurn = Promise.resolve();
/** The record of a job without an input. Such a job only warms up the way through the queue. */
const warmedUp: Recorded = { span: { input: WARM_UP, startMs: 0, endMs: 0, thread: worker, outcome: 'ok' } };

/** The work is opened after the warm-up: V8 often throws away code that it has compiled before. */
const opening = once(process, 'message').then(() => performFor(work));

try {
  // One connection takes and stores jobs, and one sends heartbeats. The submitter looks for dead workers.
  const boss = await openBoss(database, { connections: 2, superviseSeconds: 0 });
  const jobs = await boss.worker<QueuedInput, Recorded>(queue);
  const working = workOff(jobs, recordOf, {
    concurrency,
    inHand: inHandNow,
    storeWithinMs: inHand > 0 ? STORE_WITHIN_MS : 0,
    longestPauseMs: LONGEST_PAUSE_MS,
  });
  say({ pid: process.pid });
  await Promise.all([working, opening.then(() => say({ isOpen: true }))]);
} catch (error) {
  if (!(error instanceof QueueFailure)) throw error;
  say({ failed: error.message });
}

function say(message: QueueWorkerMessage): void {
  process.send!(message);
}

/**
 * Each worker takes half of its share of the waiting jobs. So it asks rarely while there is much to do. And near the end of a
 * run it holds few jobs that a free worker could do.
 */
function inHandNow(): number {
  const halfOfShare = Math.floor(waiting / (2 * workers));
  return inHand === 0 ? 0 : Math.min(MOST_IN_HAND, Math.max(inHand, halfOfShare));
}

/** Opens the work, and returns a function that does it to an input. */
async function performFor(settings: JobSettings): Promise<Perform> {
  if (settings.kind !== 'own') {
    const isPatient = settings.kind === 'io' && repeats;
    const { task } = await openJob(isPatient ? { ...settings, retries } : settings);
    return ({ number }, signal) => task(number, signal);
  }
  /** The number of each input that this worker has had. A report about a hanging task names only its input. */
  const numbers = new Map<unknown, number>();
  const { task } = await openOwnTask(settings, (input) => say({ hangs: numbers.get(input) ?? 0 }));
  const patient = repeats ? retriedFrom(retries, 0, task) : task;
  return async ({ number, input }, signal) => {
    numbers.set(input, number);
    return sendable(await patient(input, signal));
  };
}

/**
 * Lets each task begin in a turn of the event loop of its own. So the worker can talk to the database between two tasks that
 * compute.
 */
function ownTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => nextTurn());
  return lastTurn;
}

/** Returns the result. @throws {Error} if the queue cannot carry it */
function sendable(result: unknown): unknown {
  const problem = jsonProblem(result);
  if (problem === undefined) return result;
  throw new Error(`the result ${problem}, and a queue carries only JSON`);
}

/** Does a job and returns its record. A failure is a record too, so the queue does not repeat the job because of it. */
async function recordOf(queued: QueuedInput, signal: AbortSignal): Promise<Recorded> {
  if (queued.run !== run) {
    run = queued.run;
    Atomics.store(new Int32Array(retries), 0, queued.retries);
  }
  waiting = queued.behind;
  if (queued.number === WARM_UP) return warmedUp;
  const perform = await opening;
  await ownTurn();
  const record = await recorded((_, inner) => perform(queued, inner))(queued.number, signal);
  const { error, ...span } = record.span;
  return {
    ...record,
    span: { ...span, thread: worker, ...(error !== undefined && { error: storableText(error) }) },
  };
}
