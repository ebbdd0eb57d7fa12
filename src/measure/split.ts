// The machine's own limit for CPU work: the same tasks, split over separate processes that start at one moment. Processes
// share no heap and get no tasks in messages, so threads cannot be faster than they are.
import { median } from './statistics.ts';
import type { QuietMeasurement, ReadyTrial, TrialSettings } from './trial.ts';

/**
 * Runs each of `shares` in a process of its own, all at once. The time of the slowest, in milliseconds. `start` must be what
 * starts the rows beside it, too: to watch an event loop takes time, so either all are watched or none is.
 * @throws as `start` and `run` of what it started do
 */
export async function splitOverProcesses(
  start: (share: TrialSettings, signal?: AbortSignal) => Promise<ReadyTrial<QuietMeasurement>>,
  shares: readonly TrialSettings[],
  signal?: AbortSignal,
): Promise<number> {
  await using resources = new AsyncDisposableStack();
  // Wait for all of them: if one fails to start, the others must be ended too.
  const starts = shares.map((share) => start(share, signal));
  const started = await Promise.allSettled(starts);
  const trials = started.flatMap((start) => (start.status === 'fulfilled' ? resources.use(start.value) : []));
  await Promise.all(starts);
  const measured = await Promise.all(trials.map((trial) => trial.run()));
  return Math.max(...measured.map(({ timesMs }) => median(timesMs)));
}
