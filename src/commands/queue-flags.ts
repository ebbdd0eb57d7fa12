// What a comparison is told of a queue: how many worker processes draw from it, and where it keeps its jobs.
import { availableParallelism } from 'node:os';
import type { Nature } from '../measure/nature.ts';
import type { ComparisonSettings, QueueAt } from '../measure/plan.ts';
import type { Database } from '../queue/database.ts';
import { UsageError } from '../usage-error.ts';

type Asked = Pick<ComparisonSettings, 'approaches' | 'concurrency' | 'requests'>;

/** Two show what a queue is for, even on a machine with a single core. */
const WAITING_WORKERS = 2;

/**
 * The worker processes of a queue; nothing where no approach has one. They share the concurrency, so that as much is in
 * flight as in a bounded pool, and each of them needs a part of it.
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
      `--workers ${asked}: expected no more than the tasks in flight (${most}), which the workers share; --concurrency and --requests say how many`,
    );
  }
  const usual = nature === 'computes' ? availableParallelism() : WAITING_WORKERS;
  return { workers: asked ?? Math.min(usual, most) };
}

/**
 * Before anything is measured. Of the embedded database that nobody named nothing can be wrong.
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
 * Where the queue of these comparisons keeps its jobs; nothing where none has one: then nothing of it is loaded.
 * @throws {UsageError} for a database that cannot be
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
