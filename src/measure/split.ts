// The machine's own limit for CPU work: the same inputs split over separate processes, started at one moment.
// Nothing that threads do in one process can be faster, so it is what they are measured by.
import { median } from './statistics.ts';
import { startTrial, type TrialSettings } from './trial.ts';

/**
 * Runs `share` in each of so many processes at once. The time of the slowest, in milliseconds.
 * @throws as `startTrial` and its `run` do
 */
export async function splitOverProcesses(
  share: TrialSettings,
  processes: number,
  signal?: AbortSignal,
): Promise<number> {
  await using resources = new AsyncDisposableStack();
  // All settled: where one fails to start, those beside it must end too.
  const starts = Array.from({ length: processes }, () => startTrial(share, signal));
  const started = await Promise.allSettled(starts);
  const trials = started.flatMap((start) => (start.status === 'fulfilled' ? resources.use(start.value) : []));
  await Promise.all(starts);
  const measured = await Promise.all(trials.map((trial) => trial.run()));
  return Math.max(...measured.map(({ timesMs }) => median(timesMs)));
}
