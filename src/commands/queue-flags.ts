// The settings of a queue in a comparison: how many worker processes take jobs from it, and where it keeps them.
import { availableParallelism } from 'node:os';
import type { Nature } from '../measure/nature.ts';
import type { ComparisonSettings, QueueAt } from '../measure/plan.ts';
import type { Database } from '../queue/database.ts';
import { UsageError } from '../usage-error.ts';

type Asked = Pick<ComparisonSettings, 'approaches' | 'concurrency' | 'requests'>;

/** The number of workers for work that waits. Two show the use of a queue, even on a machine with one core. */
const WAITING_WORKERS = 2;

/**
 * The number of worker processes of a queue; empty if no approach has a queue. They share the concurrency, so that as much is
 * in flight as in a bounded pool. Each of them needs a part of it.
 * @throws {UsageError} for more workers than there can be tasks in flight
 */
export function workersFor(
  nature: Nature,
  { approaches, concurrency, requests }: Asked,
  asked: number | undefined,
): { readonly workers?: number } {
  if (!approaches.includes('job-queue')) return {};
  const most = Math.min(concurrency, requests);
  if (asked !== undefined && asked > most) {
    throw new UsageError(
      `--workers ${asked}: expected at most ${most}, because the workers share the tasks in flight (--concurrency, --requests)`,
    );
  }
  const usual = nature === 'computes' ? availableParallelism() : WAITING_WORKERS;
  return { workers: asked ?? Math.min(usual, most) };
}

/**
 * Checks the database before anything is measured. The default database needs no check.
 * @throws {QueueFailure} for a server that cannot be used; {UsageError} for a folder that cannot
 */
async function expectUsable(database: Database): Promise<void> {
  if (database.kind === 'server') {
    const { openBoss } = await import('../queue/boss.ts');
    await using _ = await openBoss(database, { superviseSeconds: 0 });
  } else if (database.folder !== undefined) {
    const { startEmbedded } = await import('../queue/embedded.ts');
    await using _ = await startEmbedded(database);
  }
}

/**
 * The database of the queue in these comparisons; empty if none has a queue. Then nothing of a queue is loaded.
 * @throws {UsageError} for a database that is not one
 */
export async function queueAtFor(
  plans: ReadonlyArray<Pick<ComparisonSettings, 'approaches'>>,
  typed: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly queueAt?: QueueAt }> {
  if (!plans.some(({ approaches }) => approaches.includes('job-queue'))) return {};
  const { shownDatabase, takeDatabase } = await import('../queue/database.ts');
  const database = takeDatabase(typed, environment);
  await expectUsable(database);
  return { queueAt: { database, shown: shownDatabase(database) } };
}
