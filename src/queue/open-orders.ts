// Does the orders that a worker takes from the queue. Each kind of work is opened once, at its first order, by the same
// `openJob` that trials and threads use.
import { INSTANT } from '../api/conditions.ts';
import { GiveBack } from '../approaches/job-queue.ts';
import { kindOfFailure } from '../failure-kind.ts';
import type { NamedJobSettings, OpenJob } from '../jobs/job.ts';
import { openJob } from '../jobs/open.ts';
import { readOrder, type QueuedOrder, type QueuedWork } from './order.ts';

export interface OpenOrders extends AsyncDisposable {
  readonly task: (found: unknown, signal: AbortSignal) => Promise<unknown>;
}

export interface OpenOrdersOptions {
  /** The most orders at once. */
  readonly concurrency: number;
  /** Is called when an order is not for this worker, once for each reason. */
  readonly onRefused?: (reason: string) => void;
}

/** A worker may serve many submitters in its life. So many kinds of work stay open: those that were used last. */
const MOST_OPEN = 8;

export function openOrders({ concurrency, onRefused = () => {} }: OpenOrdersOptions): OpenOrders {
  const open = new OpenWorks((work) => openJob(settingsOf(work, concurrency)));
  const refusals = new Set<string>();
  const understood = (found: unknown): QueuedOrder => {
    try {
      return readOrder(found);
    } catch (error) {
      const isNew = error instanceof GiveBack && !refusals.has(error.message);
      if (isNew) {
        refusals.add(error.message);
        onRefused(error.message);
      }
      throw error;
    }
  };
  return {
    async task(found, signal) {
      const { work, id } = understood(found);
      try {
        return await open.run(work, (task) => task(id, signal));
      } catch (error) {
        // The queue keeps only one text of an error. This is the text that tables and `save` show for such a failure.
        throw new Error(kindOfFailure(error), { cause: error });
      }
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

function settingsOf(work: QueuedWork, concurrency: number): NamedJobSettings {
  if (work.job === 'price-order') return { kind: 'cpu', costMs: 0, ...work };
  const api = { kind: 'io', network: 'loopback', connections: concurrency, conditions: INSTANT } as const;
  return work.job === 'save-order' ? { ...api, ...work, resume: true } : { ...api, ...work };
}

interface OpenWork {
  readonly job: Promise<OpenJob<unknown>>;
  /** How many of its orders are at work. */
  users: number;
}

/** The works that are open. The one that was used last is at the end. */
class OpenWorks implements AsyncDisposable {
  readonly #open: (work: QueuedWork) => Promise<OpenJob<unknown>>;
  readonly #works = new Map<string, OpenWork>();

  constructor(open: (work: QueuedWork) => Promise<OpenJob<unknown>>) {
    this.#open = open;
  }

  async run<Output>(
    work: QueuedWork,
    use: (task: OpenJob<unknown>['task']) => Output | PromiseLike<Output>,
  ): Promise<Output> {
    const key = JSON.stringify(work);
    const found = this.#works.get(key) ?? { job: this.#open(work), users: 0 };
    this.#works.delete(key);
    this.#works.set(key, found);
    found.users++;
    try {
      const { task } = await found.job;
      return await use(task);
    } finally {
      found.users--;
      await this.#closeOldest();
    }
  }

  async #closeOldest(): Promise<void> {
    if (this.#works.size <= MOST_OPEN) return;
    for (const [key, { job, users }] of this.#works) {
      if (users > 0) continue;
      this.#works.delete(key);
      await close(job);
      return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#works.values(), ({ job }) => close(job)));
  }
}

/** If the job could not be opened, there is nothing to close. Its orders have failed already. */
async function close(job: Promise<OpenJob<unknown>>): Promise<void> {
  const opened = await job.catch(() => undefined);
  await opened?.[Symbol.asyncDispose]();
}
