// Kills workers of the job queue with SIGKILL while they work, and starts others. Then it looks at what is on the disk.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../../src/api/start.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { startCommand } from './started-command.ts';
import { expectAllWhole } from './whole-orders.ts';

/** The time between two questions to the API about its count, in milliseconds. */
const LOOK_MS = 20;

export interface QueueKills {
  /** The URL of a database that runs. No other program may use its queue `orders`. */
  readonly database: string;
  readonly orders: number;
  /** How often a worker is killed. */
  readonly kills: number;
  /** How many workers run at a time. */
  readonly workers: number;
  /** The most orders in flight in each worker. */
  readonly concurrency: number;
  /** How long the API takes for an order. It must be so long that all kills come before the last order is done. */
  readonly latencyMs: number;
  /** After so many seconds without a sign of life, others do the orders of a killed worker. */
  readonly heartbeat: number;
  readonly signal: AbortSignal;
  readonly onKill?: (kill: number) => void;
}

export interface QueueKillsOutcome {
  /** What `save` printed, without the path of the folder. */
  readonly said: string;
  /** How many requests the API served beyond the number of orders: work that was done again. */
  readonly twice: number;
}

/**
 * Lets workers save `orders`, and kills one of them each time that the API has cooked a certain number more.
 * @throws {AssertionError} if an order is missing or not whole, or if save does not end well; an AbortError
 */
export async function killWorkers(options: QueueKills): Promise<QueueKillsOutcome> {
  const { database, orders, kills, workers, concurrency, latencyMs, heartbeat, signal } = options;
  const { onKill = () => {} } = options;
  await using resources = new AsyncDisposableStack();
  const { path: folder } = resources.use(await temporaryFolder());
  const api = resources.use(await startApi({ latencyMs, jitterMs: 10, seed: 1 }, { signal }));
  const environment = { DATABASE_URL: database };
  const start = (...args: readonly string[]) => resources.use(startCommand(args, { environment, signal }));
  const startWorker = () => start('worker', '--concurrency', String(concurrency));
  const asked = ['--requests', String(orders), '--heartbeat', String(heartbeat)];
  const saving = start('save', '--folder', folder, '--queue', '--origin', api.origin, ...asked);
  const working = Array.from({ length: workers }, startWorker);
  for (let kill = 1; kill <= kills; kill++) {
    const due = Math.ceil(((kill - 0.5) * orders) / kills);
    while ((await api.stats()).completed < due && !saving.hasEnded()) {
      await sleep(LOOK_MS, undefined, { signal });
    }
    const victim = working.shift()!;
    assert.ok(!victim.hasEnded(), 'a worker ends only if it is killed');
    victim.kill();
    working.push(startWorker());
    onKill(kill);
  }
  const { code, stdout, stderr } = await saving.ended;
  assert.equal(code, 0, `save ends well: ${stdout}${stderr}`);
  await expectAllWhole(folder, orders);
  return { said: stdout.replace(folder, 'FOLDER'), twice: (await api.stats()).completed - orders };
}
