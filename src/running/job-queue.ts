// Opens a job in the worker processes of a queue. If no database was named, it starts one. All of it is ready before a run
// begins. A run puts the inputs into the queue, and waits until the workers have stored a record of each.
import { endings, jobQueue, type Submitting } from '../approaches/job-queue.ts';
import { ChildError, type Child } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import { openBoss } from '../queue/boss.ts';
import type { Database, ServerDatabase } from '../queue/database.ts';
import { startEmbedded } from '../queue/embedded.ts';
import { QueueFailure } from '../queue/failure.ts';
import { UsageError } from '../usage-error.ts';
import { GivenUpError } from './give-up.ts';
import {
  startQueueWorker,
  WARM_UP,
  type QueuedInput,
  type QueueWorkerMessage,
  type QueueWorkerSettings,
} from './queue-worker.ts';
import { sharesOf } from './shares.ts';
import type { ReadyApproach, RunSize, Work } from './work.ts';

/**
 * A worker that computes does one task at a time, and takes further tasks in advance, for so many milliseconds. So it need not
 * wait for the database between two tasks. It must not take too many: at the end of a run another worker would be idle.
 */
const IN_HAND_MS = 20;
/** How many jobs without a task run before the first run. Postgres in WebAssembly is slow until its code is compiled. */
const WARM_UP_JOBS = 60;

/** Opens the queue. @throws {GivenUpError}, here and in each run, if the database cannot be used or one of our processes ends */
export async function openQueue<Output>(
  work: Work<Output>,
  size: RunSize,
  database: Database = { kind: 'embedded' },
): Promise<ReadyApproach<Output>> {
  const opened = await orGiveUp(openUnguarded(work, size, database));
  return { ...opened, run: (inputs, signal) => orGiveUp(opened.run(inputs, signal)) };
}

/** A failure of the database or of a worker is an outcome of the approach, and not a defect of the program. */
async function orGiveUp<Result>(acting: Promise<Result>): Promise<Result> {
  try {
    return await acting;
  } catch (error) {
    const isOutcome =
      error instanceof QueueFailure || error instanceof UsageError || error instanceof ChildError;
    throw isOutcome ? new GivenUpError(error.message, { cause: error }) : error;
  }
}

async function openUnguarded<Output>(
  work: Work<Output>,
  { requests, concurrency, workers = 1 }: RunSize,
  database: Database,
): Promise<ReadyApproach<Output>> {
  await using resources = new AsyncDisposableStack();
  const embedded = database.kind === 'embedded' ? resources.use(await startEmbedded(database)) : undefined;
  const server: ServerDatabase =
    database.kind === 'server' ? database : { kind: 'server', url: embedded!.url };
  // A worker counts as dead when a thread would count as hanging: a task may keep its process busy for long.
  const heartbeatSeconds = Math.ceil(work.patienceMs / 1000);
  // A worker counts as dead only after its heartbeat. To look more often would only disturb the run.
  const boss = resources.use(await openBoss(server, { superviseSeconds: heartbeatSeconds }));
  const queue = `compare-${crypto.randomUUID()}`;
  await boss.makeQueue(queue);
  resources.defer(() => boss.removeQueue(queue));
  const computes = work.kind === 'cpu' || (work.kind === 'own' && work.computes);
  const lanes = sharesOf(computes ? workers : Math.min(concurrency, Math.max(requests, workers)), workers);
  const crew = resources.use(
    await startCrew(
      lanes.map((atOnce, index) => ({
        database: server,
        queue,
        worker: index + 1,
        workers: lanes.length,
        concurrency: atOnce,
        inHand: computes ? inHandFor(work.costMs) : 0,
        work: work.queued.settings as JobSettings,
        repeats: work.queued.retries !== undefined,
      })),
      (input) => work.queued.hangs(input),
    ),
  );
  const submitter = await boss.submitter<QueuedInput, unknown>(queue, queue, { heartbeatSeconds });
  let run = 0;
  let begunAgain = 0;
  await warmUp(submitter);
  await crew.open();
  const owned = resources.move();
  return {
    async run(inputs, signal) {
      run += 1;
      const startMs = performance.timeOrigin + performance.now();
      const retries = Math.ceil(leftOf(work.queued.retries) / lanes.length);
      const queued = inputs.map((number, index) => {
        const behind = inputs.length - index - 1;
        return { number, input: work.queued.carried(number), behind, run, retries };
      });
      const stop = AbortSignal.any([crew.gone, ...(signal ? [signal] : [])]);
      const outputs: Output[] = [];
      const options = { idOf: ({ number }: QueuedInput) => `${run}-${number}`, signal: stop };
      for await (const [place, ending] of endings(queued, submitter, options)) {
        if (ending.attempts > 1) begunAgain += 1;
        outputs[place] =
          'output' in ending
            ? work.queued.outcome(ending.output)
            : work.lost(inputs[place]!, startMs, ending.reason);
      }
      return outputs;
    },
    beside: { workers: crew.pids, database: embedded?.pid, begunAgain: () => begunAgain },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const inHandFor = (costMs: number): number => Math.max(1, Math.ceil(IN_HAND_MS / costMs));

async function warmUp(submitter: Submitting<QueuedInput, unknown>): Promise<void> {
  const jobs = Array.from({ length: WARM_UP_JOBS }, () => ({
    number: WARM_UP,
    input: null,
    behind: 0,
    run: 0,
    retries: 0,
  }));
  await jobQueue(jobs, submitter, { idOf: (_, place) => `warm-up-${place}` });
}

const leftOf = (retries: SharedArrayBuffer | undefined): number =>
  retries === undefined ? 0 : Atomics.load(new Int32Array(retries), 0);

/** The worker processes of a queue. */
interface Crew extends AsyncDisposable {
  readonly pids: readonly number[];
  /** Asks each of them to open the work, and waits for it. */
  open(): Promise<void>;
  /** Aborts when all of them have ended. */
  readonly gone: AbortSignal;
}

/** @throws {ChildError} if a worker ends before it is ready, with the first worker's reason */
async function startCrew(
  all: readonly QueueWorkerSettings[],
  onHanging: (input: number) => void,
): Promise<Crew> {
  await using resources = new AsyncDisposableStack();
  const children = all.map((settings) => resources.use(startQueueWorker(settings, {})));
  const pids = await Promise.all(children.map((child) => said(child, 'pid')));
  const gone = new AbortController();
  let left = children.length;
  const owned = resources.move();
  return {
    pids,
    async open() {
      for (const child of children) child.send({});
      await Promise.all(children.map((child) => said(child, 'isOpen')));
      for (const child of children) {
        void follow(child, onHanging).catch((error: unknown) => {
          left -= 1;
          if (left === 0) gone.abort(error);
        });
      }
    },
    gone: gone.signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The next message of a worker, which must be about `what`. @throws {ChildError} as `messageOf` does */
async function said<Name extends 'pid' | 'isOpen'>(
  child: Child,
  what: Name,
): Promise<Extract<QueueWorkerMessage, Record<Name, unknown>>[Name]> {
  const message = await messageOf(child);
  if (what in message) return (message as Extract<QueueWorkerMessage, Record<Name, unknown>>)[what];
  throw new ChildError(`a worker of the queue: expected ${what}, got ${Object.keys(message).join()}`);
}

/** Reads the messages of a worker until it ends. @throws {ChildError} at its end */
async function follow(child: Child, onHanging: (input: number) => void): Promise<never> {
  while (true) {
    const message = await messageOf(child);
    if ('hangs' in message) onHanging(message.hangs);
  }
}

/** The next message of a worker. @throws {ChildError} if it has ended, or reports that it cannot go on */
async function messageOf(child: Child): Promise<QueueWorkerMessage> {
  const message = await child.receive<QueueWorkerMessage>().catch((error: unknown) => {
    throw error instanceof ChildError ? new ChildError(`a worker of the queue: ${error.message}`) : error;
  });
  if ('failed' in message) throw new ChildError(`a worker of the queue: ${message.failed}`);
  return message;
}
