// What stands in the rows of pg-boss's tables.
import type { TakenJob } from '../approaches/job-queue.ts';

/** A job as it is stored: pg-boss wants an object. */
export interface Stored {
  readonly input: unknown;
}

/** Stays under the names of pg-boss's own queues, and says whose it is. */
export const deadLetterQueueOf = (queue: string): string => `${queue}-dead`;

/** What pg-boss notes for a worker that died, and our words for it. */
const DIED = 'job heartbeat timeout';

export function reasonIn(output: unknown): string {
  const { message, value } = (output ?? {}) as { readonly message?: unknown; readonly value?: unknown };
  const text = typeof message === 'string' ? message : (value as { message?: unknown } | undefined)?.message;
  if (text === DIED) return 'its worker died, or did not answer any more';
  return typeof text === 'string' ? text : JSON.stringify(output);
}

/** What identifies an attempt in the database. */
export const attemptOf = ({ id, attempt }: Pick<TakenJob<unknown>, 'id' | 'attempt'>) => ({
  id,
  retry_count: attempt - 1,
});
