// The submitter's side of a queue of pg-boss.
import { createHash } from 'node:crypto';
import type { Ending, QueuedJob, Submitting } from '../approaches/job-queue.ts';
import type { Connection } from './boss-connection.ts';
import { deadLetterQueueOf, reasonIn, type Stored } from './boss-rows.ts';

/** A submitter, with what it needs when it is started again. */
export interface BossSubmitter<Input, Output> extends Submitting<Input, Output> {
  /** Removes those of `ids` that have ended. Copies of failed ones stay in the dead-letter queue. */
  forget(ids: readonly string[]): Promise<void>;
  /**
   * Prepares jobs of an earlier start. Those that wait or run get their present input. Those that failed for good are removed,
   * also from the dead-letter queue, so that they can be put again.
   */
  reopen(jobs: ReadonlyArray<QueuedJob<Input>>): Promise<void>;
}

export interface SubmitterOptions {
  readonly queue: string;
  readonly run: string;
  readonly heartbeatSeconds: number;
}

export async function submitterOf<Input, Output>(
  connection: Connection,
  { queue, run, heartbeatSeconds }: SubmitterOptions,
): Promise<BossSubmitter<Input, Output>> {
  const table = await connection.tableOf(queue);
  const deadLetters = deadLetterQueueOf(queue);
  const deadTable = await connection.tableOf(deadLetters);
  const uuid = (id: string) => uuidOf(`${run}\n${id}`);
  return {
    put: (jobs) => {
      const rows = jobs.map(({ id, input }: QueuedJob<Input>) => {
        const data: Stored = { input };
        return { id: uuid(id), data, heartbeatSeconds };
      });
      return connection.patiently(async () => void (await connection.boss.insert(queue, rows)));
    },
    endings: async (ids) => {
      const idOf = new Map(ids.map((id) => [uuid(id), id]));
      const rows = await connection.ask<EndedRow>(
        `select id, state, output, retry_count + 1 as attempts from ${table}
         where name = $1 and id = any($2::uuid[]) and completed_on is not null`,
        [queue, [...idOf.keys()]],
      );
      return rows.map((row) => endingOf<Output>(idOf.get(row.id)!, row));
    },
    withdraw: async (ids) => {
      await connection.ask(
        `delete from ${table} where name = $1 and id = any($2::uuid[]) and state < 'active'`,
        [queue, ids.map(uuid)],
      );
    },
    forget: async (ids) => {
      await connection.ask(
        `delete from ${table} where name = $1 and id = any($2::uuid[]) and completed_on is not null`,
        [queue, ids.map(uuid)],
      );
    },
    reopen: async (jobs) => {
      const rows = jobs.map(({ id, input }): { id: string; data: Stored } => ({
        id: uuid(id),
        data: { input },
      }));
      const ids = rows.map(({ id }) => id);
      await connection.ask(`delete from ${deadTable} where name = $1 and source_id = any($2::uuid[])`, [
        deadLetters,
        ids,
      ]);
      await connection.ask(
        `delete from ${table} where name = $1 and id = any($2::uuid[]) and state in ('failed', 'cancelled')`,
        [queue, ids],
      );
      // A worker that has a job now keeps the old input. If the job fails, the next worker gets the new input.
      await connection.ask(
        `update ${table} j set data = i.data
         from json_to_recordset($2::text::json) as i (id uuid, data jsonb)
         where j.name = $1 and j.id = i.id and j.completed_on is null`,
        [queue, JSON.stringify(rows)],
      );
    },
  };
}

interface EndedRow {
  readonly id: string;
  readonly state: string;
  readonly output: { readonly value?: unknown } | null;
  readonly attempts: number;
}

function endingOf<Output>(id: string, { state, output, attempts }: EndedRow): Ending<Output> {
  if (state === 'completed') return { id, attempts, output: output?.value as Output };
  const reason = state === 'cancelled' ? 'it was cancelled in the database' : reasonIn(output);
  return { id, attempts, reason: new Error(reason) };
}

/** Makes a UUID from the SHA-256 of a text (version 8 of RFC 9562): the same text gives the same UUID. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
