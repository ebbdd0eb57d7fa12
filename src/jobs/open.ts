// Finds a job by its name and opens it together with its network. The same call serves the main thread and
// every worker thread, so they cannot differ.
import { threadId } from 'node:worker_threads';
import { chance } from '../api/random.ts';
import { retried } from '../approaches/retry.ts';
import type { Task } from '../approaches/task.ts';
import type { IoJobSettings, Job, JobName, NamedJobSettings, OpenJob } from './job.ts';

export const JOBS = {
  'fetch-order': { kind: 'io', summary: 'GET one order and parse it' },
  'save-order': { kind: 'io', summary: 'GET one order and save it to a file, whole or not at all' },
  'price-order': { kind: 'cpu', summary: 'compute for some milliseconds, waiting for nothing' },
} as const satisfies Readonly<Record<JobName, Job>>;

/** Loads the job's module; a thread pays for the job it runs and for no other. */
export async function loadJob(settings: NamedJobSettings): Promise<() => OpenJob<unknown>> {
  if (settings.job === 'fetch-order') {
    const { open } = await import('./fetch-order.ts');
    return () => open(settings);
  }
  if (settings.job === 'save-order') {
    const { open } = await import('./save-order.ts');
    return () => open(settings);
  }
  const { open } = await import('./price-order.ts');
  return () => open(settings);
}

/** The job that `settings` names, ready to run in this thread. Disposing it closes its session and network. */
export async function openJob(settings: NamedJobSettings): Promise<OpenJob<unknown>> {
  return settings.kind === 'io' ? openIoJob(settings) : (await loadJob(settings))();
}

async function openIoJob(settings: IoJobSettings): Promise<OpenJob<unknown>> {
  await using resources = new AsyncDisposableStack();
  if (settings.network === 'intercepted') {
    // Loaded here only: msw in the client's memory would be part of every loopback figure.
    const [{ intercept }, { Counters }] = await Promise.all([
      import('../api/intercept.ts'),
      import('../api/counters.ts'),
    ]);
    const counters = new Counters(settings.counters);
    resources.use(intercept({ conditions: settings.conditions, counters }));
  }
  const open = await loadJob(settings);
  const { task } = resources.use(open());
  const owned = resources.move();
  return {
    task: settings.retries ? retriedFrom(settings.retries, settings.conditions.seed, task) : task,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Every task may be done again, but all threads of a run together only so often: one budget for an outage. The waits
 * follow the run's seed, in each thread others: threads that failed together must not come back together.
 */
export function retriedFrom<Input>(retries: SharedArrayBuffer, runSeed: number, task: Task<Input, unknown>) {
  const left = new Int32Array(retries);
  let draws = 0;
  const random = () => chance(runSeed, 'retry', threadId, draws++);
  return retried(task, { idempotent: true, budget: () => Atomics.sub(left, 0, 1) > 0, random });
}
