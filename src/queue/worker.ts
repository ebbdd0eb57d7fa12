// A worker of the queue, wherever it runs: it opens the database, takes jobs, and stops when it is told to.
import { workOff, type WorkedOff } from '../approaches/job-queue.ts';
import { COMMON_QUEUE, openBoss } from './boss.ts';
import type { ServerDatabase } from './database.ts';
import type { QueueFailure } from './failure.ts';
import { openOrders } from './open-orders.ts';

export interface WorkerOptions {
  readonly database: ServerDatabase;
  /** Default: the queue of everybody who named none. It is made if it is missing, so a worker may start first. */
  readonly queue?: string;
  /** The most orders in flight. */
  readonly concurrency: number;
  /** After its abort nothing is taken. What runs may end for some seconds, and is given back after that. */
  readonly signal: AbortSignal;
  /** How often jobs of dead workers are looked for, in seconds. */
  readonly superviseSeconds?: number;
  readonly onReady?: () => void;
  /** Is told, in one line, of jobs that are for another worker. */
  readonly onTrouble?: (line: string) => void;
  /** Is told when the database goes away for a while. */
  readonly onAway?: (failure: QueueFailure) => void;
}

/** What a worker did, and how many of its outputs came when another worker had done the job. */
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
