// The process of a worker. It opens the job as trials and threads do, draws inputs from the queue, and puts a record of each
// into the queue: what happened, when, and in which worker.
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

/** An idle worker asks again so soon, in milliseconds: a run may begin at any moment, and must not wait for it. */
const LONGEST_PAUSE_MS = 10;
/** With so many in hand, a question to the database is worth its price. */
const MOST_IN_HAND = 100;
/** Outputs of tasks that compute may wait so long for each other, in milliseconds. */
const STORE_WITHIN_MS = 100;

/** The repeats of failures that are left to this worker in the run that it works for. */
const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
let run = 0;
/** How many jobs waited behind the one that was begun last. */
let waiting = 0;
/** When the task before has begun. */
let lastTurn = Promise.resolve();
/** Stands for no input: such a job only shows the way through the queue. */
const warmedUp: Recorded = { span: { input: WARM_UP, startMs: 0, endMs: 0, thread: worker, outcome: 'ok' } };

/** Opened when the way through the queue is warm: code that V8 has compiled before that is often given up again. */
const opening = once(process, 'message').then(() => performFor(work));

try {
  // One to take or store jobs, and one for the heartbeats. The submitter looks for workers that have died.
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
 * Of the jobs that wait, each worker takes half of its share. So there are few questions while there is much to do, and near
 * the end no worker has jobs in hand for which another one is free.
 */
function inHandNow(): number {
  const halfOfShare = Math.floor(waiting / (2 * workers));
  return inHand === 0 ? 0 : Math.min(MOST_IN_HAND, Math.max(inHand, halfOfShare));
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

/**
 * Each task begins in a turn of the event loop that is its own. Between two tasks that compute, the worker then reads and
 * writes what it has to say to the database.
 */
function ownTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => nextTurn());
  return lastTurn;
}

/** @throws {Error} for a result that the queue cannot carry */
function sendable(result: unknown): unknown {
  const problem = jsonProblem(result);
  if (problem === undefined) return result;
  throw new Error(`the result ${problem}, and a queue carries only JSON`);
}

/** What happened to an input. A failure is a record too, so the queue hands no input out a second time for it. */
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
