// `worker`: a worker of the job queue, on this machine or on another.
import { outputIsNotAll, type Result } from '../command-line.ts';
import { print } from '../output.ts';
import { oneLine } from '../printable.ts';
import { takeDatabase, shownDatabase, type ServerDatabase } from '../queue/database.ts';
import { runWorker } from '../queue/worker.ts';
import { count } from '../report/units.ts';
import { UsageError } from '../usage-error.ts';

export interface WorkerFlags {
  readonly database?: string;
  readonly queue: string;
  readonly concurrency: number;
}

const say = (line: string): void => void process.stderr.write(`${oneLine(line)}\n`);

export async function runWorkerCommand(signal: AbortSignal, flags: WorkerFlags): Promise<Result> {
  // What it prints is an extra: the orders are in the queue.
  outputIsNotAll();
  const { queue, concurrency } = flags;
  const database = sharedDatabase(flags.database);
  const { completed, failed, givenBack, late } = await runWorker({
    database,
    queue,
    concurrency,
    signal,
    onReady: () =>
      print([`takes orders from queue ${queue} in ${shownDatabase(database)}, ${concurrency} at once`]),
    onTrouble: say,
    onAway: ({ message }) => say(`${message}; trying again`),
  });
  const more = late > 0 ? `, ${late} too late: another worker had done them` : '';
  process.stderr.write(
    `${count(completed - late, 'order')} done, ${failed} failed, ${givenBack} given back${more}\n`,
  );
  return 'done';
}

/** @throws {UsageError} for an embedded database, which belongs to the command that started it */
function sharedDatabase(typed: string | undefined): ServerDatabase {
  const database = takeDatabase(typed);
  if (database.kind === 'server') return database;
  throw new UsageError(
    '--database: expected postgres://USER@HOST:PORT/NAME, the database of the submitter (or set DATABASE_URL)',
  );
}
