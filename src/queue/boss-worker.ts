// The worker's side of a queue of pg-boss.
import type { TakenJob, Working } from '../approaches/job-queue.ts';
import { printable } from '../printable.ts';
import type { Connection } from './boss-connection.ts';
import { attemptOf, type Stored } from './boss-rows.ts';
import { Heartbeats } from './heartbeats.ts';
import { SCHEMA } from './schema.ts';

export interface BossWorker<Input, Output> extends Working<Input, Output>, Disposable {
  /** How many outputs came too late: another worker had got the job, so the work was in vain. */
  readonly late: { readonly count: number };
}

interface Done<Input, Output> {
  readonly job: TakenJob<Input>;
  readonly output: Output;
}

/** Whether Postgres has refused a value (its class 22): text with the character NUL, or with half of a character. */
function isUnstorable(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code);
}

export async function workerOf<Input, Output>(
  connection: Connection,
  queue: string,
): Promise<BossWorker<Input, Output>> {
  const table = await connection.tableOf(queue);
  const held = new Heartbeats((jobs) => connection.patiently(() => connection.boss.touch(queue, jobs)));
  const late = { count: 0 };

  /**
   * Completes jobs as pg-boss does, but with an output for each. If another worker has got a job meanwhile, nothing changes.
   * @returns how many were completed
   */
  const store = async (done: ReadonlyArray<Done<Input, Output>>): Promise<number> => {
    const rows = done.map(({ job, output }) => ({ ...attemptOf(job), output: { value: output ?? null } }));
    const stored = await connection.ask(
      `update ${table} j set completed_on = ${SCHEMA}.job_now(), state = 'completed', output = i.output
       from json_to_recordset($2::text::json) as i (id uuid, retry_count int, output jsonb)
       where j.name = $1 and j.id = i.id and j.state = 'active' and j.retry_count = i.retry_count
       returning j.id`,
      [queue, JSON.stringify(rows)],
    );
    return stored.length;
  };

  const fail = async (job: TakenJob<Input>, reason: unknown): Promise<void> => {
    const attempt = { id: job.id, retryCount: job.attempt - 1 };
    // Postgres refuses some characters. A worker must not fail because its message has one.
    const message = printable(textOf(reason));
    await connection.patiently(() => connection.boss.fail(queue, [attempt], { message }));
    held.remove([job]);
  };

  /** Completes jobs one by one, because Postgres has refused an output of one of them. */
  const completeEach = async (done: ReadonlyArray<Done<Input, Output>>): Promise<void> => {
    for (const one of done) {
      try {
        late.count += 1 - (await store([one]));
        held.remove([one.job]);
      } catch (error) {
        if (!isUnstorable(error)) throw error;
        await fail(
          one.job,
          new Error('its output cannot be stored: it has a character that Postgres refuses'),
        );
      }
    }
  };

  return {
    late,
    take: async (most) => {
      const found = await connection.patiently(() =>
        connection.boss.fetch<Partial<Stored>>(queue, { batchSize: most }),
      );
      return found.map((row) => {
        held.add(row);
        // Another program may have put a job with any content, or without any.
        const { input } = row.data ?? {};
        return { id: row.id, input: input as Input, attempt: row.retryCount + 1 };
      });
    },
    complete: async (done) => {
      try {
        late.count += done.length - (await store(done));
        held.remove(done.map(({ job }) => job));
      } catch (error) {
        if (!isUnstorable(error)) throw error;
        await completeEach(done);
      }
    },
    fail,
    giveBack: async (jobs, afterMs) => {
      if (jobs.length === 0) return;
      // pg-boss counts an attempt if the job has a start. So this one does not count.
      await connection.ask(
        `update ${table} j set state = (case when j.retry_count > 0 then 'retry' else 'created' end)::${SCHEMA}.job_state,
           started_on = null, heartbeat_on = null, start_after = ${SCHEMA}.job_now() + $3::float8 * interval '1 ms'
         from json_to_recordset($2::text::json) as i (id uuid, retry_count int)
         where j.name = $1 and j.id = i.id and j.state = 'active' and j.retry_count = i.retry_count`,
        [queue, JSON.stringify(jobs.map(attemptOf)), afterMs],
      );
      held.remove(jobs);
    },
    [Symbol.dispose]: () => held[Symbol.dispose](),
  };
}

const textOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
