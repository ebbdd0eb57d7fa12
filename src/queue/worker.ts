// A worker of the queue, on any machine: it opens the database, takes jobs, and stops when its signal aborts.
import { workOff, type WorkedOff } from '../approaches/job-queue.ts';
import { COMMON_QUEUE, openBoss } from './boss.ts';
import type { ServerDatabase } from './database.ts';
import type { QueueFailure } from './failure.ts';
import { openOrders } from './open-orders.ts';

export interface WorkerOptions {
  readonly database: ServerDatabase;
  /** Default: the common queue. It is made if it is missing, so a worker may start before any submitter. */
  readonly queue?: string;
  /** The most orders in flight. */
  readonly concurrency: number;
  /** After its abort nothing is taken. Running jobs have some seconds to end. Then they are given back. */
  readonly signal: AbortSignal;
  /** The time between two looks for jobs of dead workers, in seconds. */
  readonly superviseSeconds?: number;
  readonly onReady?: () => void;
  /** Is called with one line if jobs are for another worker. */
  readonly onTrouble?: (line: string) => void;
  /** Is called when the database goes away for a while. */
  readonly onAway?: (failure: QueueFailure) => void;
}

/** What a worker did, and how many of its outputs came too late: another worker had done the job. */
export interface WorkerTally extends WorkedOff {
  readonly late: number;
}

/** @throws {QueueFailure} if the database cannot be used, or stays away */
export async function runWorker(options: WorkerOptions): Promise<WorkerTally> {
  const { database, queue = COMMON_QUEUE, concurrency, signal, superviseSeconds } = options;
  const { onReady = () => {}, onTrouble, onAway } = options;
  await using boss = await openBoss(database, {
    signal,
    ...(onAway && { onAway }),
    ...(superviseSeconds !== undefined && { superviseSeconds }),
  });
  await boss.makeQueue(queue);
  using worker = await boss.worker<unknown, unknown>(queue);
  await using orders = openOrders({ concurrency, ...(onTrouble && { onRefused: onTrouble }) });
  onReady();
  const tally = await workOff(worker, orders.task, { concurrency, signal });
  return { ...tally, late: worker.late.count };
}
