// The contents of pg-boss's rows that both sides of a queue use.
import type { TakenJob } from '../approaches/job-queue.ts';

/** A job as it is stored: pg-boss wants an object. */
export interface Stored {
  readonly input: unknown;
}

/** The name of the dead-letter queue that belongs to `queue`. */
export const deadLetterQueueOf = (queue: string): string => `${queue}-dead`;

/** The message that pg-boss stores if the heartbeat of a job is missing. */
const DIED = 'job heartbeat timeout';

export function reasonIn(output: unknown): string {
  const { message, value } = (output ?? {}) as { readonly message?: unknown; readonly value?: unknown };
  const text = typeof message === 'string' ? message : (value as { message?: unknown } | undefined)?.message;
  if (text === DIED) return 'its worker died, or gave no sign of life';
  return typeof text === 'string' ? text : JSON.stringify(output);
}

/** What identifies an attempt in the database. */
export const attemptOf = ({ id, attempt }: Pick<TakenJob<unknown>, 'id' | 'attempt'>) => ({
  id,
  retry_count: attempt - 1,
});
