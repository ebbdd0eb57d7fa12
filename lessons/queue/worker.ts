// A worker of lesson 26, in a process of its own. It takes orders from the queue, charges the guests, and tells the process
// that has started it.
import { Pool } from 'pg';
import { workOff } from '../../src/approaches/job-queue.ts';
import { receiveSettings } from '../../src/child.ts';
import { openBoss } from '../../src/queue/boss.ts';
import { CHARGE, CHARGE_BY_KEY, QUEUE } from './books.ts';

export interface WorkerSettings {
  readonly url: string;
  readonly concurrency: number;
  /** Whether its printer jams. Then it completes no order. */
  readonly jams: boolean;
}

/** Its message for each order. */
export interface Charged {
  readonly charged: number;
}

const { url, concurrency, jams } = await receiveSettings<WorkerSettings>();
const books = new Pool({ connectionString: url, max: 1 });
await using boss = await openBoss({ kind: 'server', url }, { superviseSeconds: 1 });
using queue = await boss.worker<number, string>(QUEUE);

async function serve(order: number): Promise<string> {
  await books.query(CHARGE, [order]);
  await books.query(CHARGE_BY_KEY, [order]);
  process.send!({ charged: order } satisfies Charged);
  if (jams) await Promise.withResolvers<void>().promise;
  return `receipt ${order}`;
}

// It goes on until its parent disconnects from it or kills it.
await workOff(queue, serve, { concurrency });
