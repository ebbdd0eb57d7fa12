// Sentences about what a queue costs beside time: the memory of each of its parts, the price of durability for each job, and
// how many jobs were begun more than once.
import { isMeasured, type Comparison, type QueueFigures, type Row } from '../measure/comparison.ts';
import { count, duration, mebibytes } from './units.ts';

type QueueRow = Row & { readonly queue: QueueFigures };

const queueRowsOf = ({ rows }: Comparison): QueueRow[] =>
  rows.filter(isMeasured).filter((row): row is QueueRow => row.queue !== undefined);

/** Sentences for which the table has no room. None if no queue was measured. */
export function queueLines(comparison: Comparison): string[] {
  const price = durabilityLine(comparison);
  return [
    ...queueRowsOf(comparison).flatMap((row) => [...memoryLines(row, comparison), ...begunAgainLines(row)]),
    ...(price === undefined ? [] : [price]),
  ];
}

function memoryLines({ approach, queue }: QueueRow, { workers = 1, database }: Comparison): string[] {
  if (!queue.memory) return [];
  const { submitterMiB, workersMiB, databaseMiB } = queue.memory;
  const kept =
    databaseMiB === null
      ? `The memory of the database, ${database}, is unknown, because another program started it`
      : `The database, ${database}, held another ${mebibytes(databaseMiB)}`;
  return [
    `${approach}: ${count(workers, 'worker')} held ${mebibytes(workersMiB)}, and the process that submitted the jobs ` +
      `grew by ${mebibytes(submitterMiB)}. ${kept}.`,
  ];
}

function begunAgainLines({ approach, queue: { begunAgain } }: QueueRow): string[] {
  if (begunAgain === 0) return [];
  const were = begunAgain === 1 ? 'was' : 'were';
  return [
    `${approach}: ${count(begunAgain, 'job')} ${were} begun more than once. A queue promises "at least once": it gives a job to another ` +
      'worker when the first one is silent for too long.',
  ];
}

/** What it costs to keep each job in a database. Undefined if this is not beyond doubt. */
export function durabilityLine({ durability, requests, rows }: Comparison): string | undefined {
  if (!durability) return undefined;
  const { beside, perJobMs, madMs } = durability;
  const perJobOf = (approach: Row['approach']) => {
    const row = rows.filter(isMeasured).find((row) => row.approach === approach);
    return row && duration(row.timeMs.median / requests);
  };
  const queue = rows.filter(isMeasured).find((row) => row.queue);
  const withQueue = queue && perJobOf(queue.approach);
  const without = perJobOf(beside);
  const times = withQueue && without ? ` (${withQueue} instead of ${without})` : '';
  return `Durability costs ${duration(perJobMs)} ± ${duration(madMs, 2)} a job, compared with ${beside}${times}.`;
}
