// Measures the processes beside a trial: the workers of a queue and its database. Only Linux tells a process the memory and CPU
// time of another one. On other systems these figures stay unknown.
import type { ProcessesBeside } from '../running/work.ts';
import { peakMiBOf, TICK_MS, ticksOf } from './process-stat.ts';

/** A figure is null if the system does not tell it. The figures of a database that another program started are unknown too. */
export interface BesideUse {
  /** The peak memory of each worker and of the database. These processes exist only for the queue, so all of it counts. */
  readonly memory: { readonly workersMiB: readonly number[]; readonly databaseMiB: number | null } | null;
  /** CPU time of one run, of all workers together. */
  readonly cpuMs: { readonly workers: number; readonly database: number | null } | null;
  /** How many jobs were begun more than once, in all runs together. */
  readonly begunAgain: number;
}

export interface BesideWatch {
  /** Reads the memory after a run. Only the first reading counts, because more runs leave more garbage. */
  afterRun(): void;
  /** Ends the watch. CPU time is divided by `runs`. `begunAgain` is the sum over all of them. */
  stop(runs: number): BesideUse;
}

export function watchBeside(beside: ProcessesBeside): BesideWatch {
  const cpuBefore = cpuOf(beside);
  const againBefore = beside.begunAgain();
  let memory: BesideUse['memory'] | undefined;
  return {
    afterRun() {
      memory ??= ifTold(() => memoryOf(beside));
    },
    stop(runs) {
      const cpuNow = cpuOf(beside);
      const begunAgain = beside.begunAgain() - againBefore;
      const cpuMs = cpuBefore && cpuNow && inOneRun(cpuBefore, cpuNow, runs);
      return { memory: memory ?? null, cpuMs, begunAgain };
    },
  };
}

type CpuTimes = NonNullable<BesideUse['cpuMs']>;

const inOneRun = (before: CpuTimes, now: CpuTimes, runs: number): CpuTimes => ({
  workers: (now.workers - before.workers) / runs,
  database:
    now.database !== null && before.database !== null ? (now.database - before.database) / runs : null,
});

const memoryOf = ({ workers, database }: ProcessesBeside): NonNullable<BesideUse['memory']> => ({
  workersMiB: workers.map(peakMiBOf),
  databaseMiB: database === undefined ? null : peakMiBOf(database),
});

const cpuOf = ({ workers, database }: ProcessesBeside): CpuTimes | null =>
  ifTold(() => ({
    workers: workers.reduce((sum, pid) => sum + cpuMsOf(pid), 0),
    database: database === undefined ? null : cpuMsOf(database),
  }));

const cpuMsOf = (pid: number): number => ticksOf(pid).itself * TICK_MS;

function ifTold<Told>(ask: () => Told): Told | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
