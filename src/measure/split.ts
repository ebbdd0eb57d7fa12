// The machine's own limit for CPU work: as many tasks split over separate processes, started at one moment. Threads
// share a heap and get their tasks in messages; processes do not, so they are what threads are measured by.
import { median } from './statistics.ts';
import { startTrial, type TrialSettings } from './trial.ts';

/** So many tasks in at most so many shares: as even as whole tasks can be, and none empty. */
export function sharesOf(tasks: number, processes: number): number[] {
  const length = Math.min(tasks, processes);
  return Array.from({ length }, (_, index) => Math.floor((tasks + index) / length));
}

/**
 * Runs each of `shares` in a process of its own, all at once. The time of the slowest, in milliseconds.
 * @throws as `startTrial` and its `run` do
 */
export async function splitOverProcesses(
  shares: readonly TrialSettings[],
  signal?: AbortSignal,
): Promise<number> {
  await using resources = new AsyncDisposableStack();
  // All settled: where one fails to start, those beside it must end too.
  const starts = shares.map((share) => startTrial(share, signal));
  const started = await Promise.allSettled(starts);
  const trials = started.flatMap((start) => (start.status === 'fulfilled' ? resources.use(start.value) : []));
  await Promise.all(starts);
  const measured = await Promise.all(trials.map((trial) => trial.run()));
  return Math.max(...measured.map(({ timesMs }) => median(timesMs)));
}
