// A job as the approaches take it: its outcomes recorded, in this thread or in others.
import type { Work } from './work.ts';
import { fromColumns, type Columns } from './columns.ts';
import type { JobSettings } from '../jobs/job.ts';
import { JOBS, openJob } from '../jobs/open.ts';
import { lost, recorded, type Recorded } from './recorded.ts';

/** A thread that takes so long, and so many times what its task may take, is not slow: it hangs. */
const [PATIENCE_MS, PATIENCE] = [30_000, 10];

/** `costMs` is what one task costs in CPU time; 0 where it only waits. */
export function workOf(settings: JobSettings, costMs: number): Work<Recorded> {
  const { kind } = JOBS[settings.job];
  const taskMs = kind === 'io' ? settings.timeoutMs : costMs;
  return {
    kind,
    costMs,
    async open() {
      const job = await openJob(settings);
      return { task: recorded(job.task), [Symbol.asyncDispose]: () => job[Symbol.asyncDispose]() };
    },
    outcomes: (message) => fromColumns(message as Columns) as readonly Recorded[],
    lost,
    patienceMs: PATIENCE_MS + PATIENCE * taskMs,
    worker: new URL('./worker.ts', import.meta.url),
    workerData: settings,
  };
}
