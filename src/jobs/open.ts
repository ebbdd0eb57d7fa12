// Finds a job by its name and opens it together with its network. The same call serves the main thread and
// every worker thread, so they cannot differ.
import { threadId } from 'node:worker_threads';
import type { Conditions } from '../api/conditions.ts';
import { chance } from '../api/random.ts';
import { refusalOf } from '../approaches/adaptive.ts';
import { retried, type RetryOptions } from '../approaches/retry.ts';
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
    // A module of its own: what checks an answer would be part of the memory of every fetch-order.
    const { open } = settings.asText ? await import('./order-text.ts') : await import('./fetch-order.ts');
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
    task: settings.retries ? patient(settings, settings.retries, task) : task,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function patient(
  { conditions, refusedIsFinal }: IoJobSettings,
  retries: SharedArrayBuffer,
  task: Task<number, unknown>,
) {
  const attempts = attemptsUnder(conditions);
  return retriedFrom(retries, conditions.seed, task, { attempts, refusedIsFinal });
}

/**
 * Every task may be repeated. All threads of a run share one budget of repeats. The random waits come from the run's seed and
 * from the thread: threads that failed together must not come back together.
 */
export function retriedFrom<Input>(
  retries: SharedArrayBuffer,
  runSeed: number,
  task: Task<Input, unknown>,
  { attempts, refusedIsFinal = false }: RetriedFromOptions = {},
): Task<Input, unknown> {
  const left = new Int32Array(retries);
  let draws = 0;
  const random = () => chance(runSeed, 'retry', threadId, draws++);
  const options = {
    idempotent: true,
    budget: () => Atomics.sub(left, 0, 1) > 0,
    random,
    ...(attempts !== undefined && { attempts }),
  };
  return refusedIsFinal ? retriedButRefusals(task, options) : retried(task, options);
}

interface RetriedFromOptions {
  /** How often one input is tried. */
  readonly attempts?: number | undefined;
  /** Refusals are not repeated. */
  readonly refusedIsFinal?: boolean | undefined;
}

/** An API that takes only so many refuses the same order again and again, and still serves it in the end. */
const ATTEMPTS_AT_LIMITS = 1000;

const attemptsUnder = ({ stoves, rate }: Conditions): number | undefined =>
  stoves || rate ? ATTEMPTS_AT_LIMITS : undefined;

/** Repeats everything but refusals: an approach that repeats these itself must see them at once. */
function retriedButRefusals<Input>(
  task: Task<Input, unknown>,
  options: RetryOptions<Input>,
): Task<Input, unknown> {
  const again = retried(async (input: Input, signal) => {
    try {
      return { answer: await task(input, signal) };
    } catch (refusal) {
      if (refusalOf({ status: 'rejected', reason: refusal }) === undefined) throw refusal;
      return { refusal };
    }
  }, options);
  return async (input, signal) => {
    const outcome = await again(input, signal);
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.answer;
  };
}
