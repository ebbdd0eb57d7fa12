// A job as the approaches take it: its outcomes recorded, in this thread or in others.
import type { NamedJobSettings } from '../jobs/job.ts';
import { openJob } from '../jobs/open.ts';
import { fromColumns, type Columns } from './columns.ts';
import { lost, recorded, type Recorded } from './recorded.ts';
import { told } from './told.ts';
import type { Work } from './work.ts';

/** A thread counts as hanging if it gives no answer for this time plus so many times what its tasks may take. */
const PATIENCE_MS = 30_000;
const PATIENCE_IN_TASKS = 10;

export function workOf(settings: NamedJobSettings): Work<Recorded> {
  return settings.kind === 'io'
    ? { kind: 'io', ...recordedWork(settings, settings.timeoutMs) }
    : { kind: 'cpu', costMs: settings.costMs, ...recordedWork(settings, settings.costMs) };
}

/** The settings without shared memory, which another process cannot get. */
function withoutMemory(settings: NamedJobSettings): NamedJobSettings {
  if (settings.kind === 'cpu') return settings;
  const { counters: _, retries: __, ...plain } = settings;
  return plain;
}

/** The part that is the same for jobs that wait and jobs that compute. `taskMs` is the longest that one task should take. */
function recordedWork(settings: NamedJobSettings, taskMs: number) {
  return {
    async open() {
      const job = await openJob(settings);
      const task = recorded(job.task);
      return {
        task: settings.tells ? told(task) : task,
        [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
      };
    },
    worker: new URL('./worker.ts', import.meta.url),
    workerData: settings,
    outcomes: (message: unknown) => fromColumns(message as Columns) as readonly Recorded[],
    queued: {
      settings: withoutMemory(settings),
      // The id of an order is enough.
      carried: () => null,
      retries: settings.kind === 'io' ? settings.retries : undefined,
      outcome: (answer: unknown) => answer as Recorded,
      hangs() {
        // Every request of ours has a time limit, and ends with it.
      },
    },
    lost,
    refusedForMs: ({ refusedForMs }: Recorded) => refusedForMs,
    patienceMs: PATIENCE_MS + PATIENCE_IN_TASKS * taskMs,
  };
}
