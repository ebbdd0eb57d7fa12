// Resident memory of this process. Linux keeps the peak itself (VmHWM), and a process may reset its own. Elsewhere we
// sample. resourceUsage().maxRSS would be wrong: in a child process it starts at the size of the parent.
import { writeFileSync } from 'node:fs';
import { collectGarbage } from './garbage.ts';
import { peakMiBOf } from './process-stat.ts';

const MIB = 2 ** 20;
const SAMPLE_EVERY_MS = 5;

export interface MemoryWatch {
  readonly baselineMiB: number;
  /** Ends the watch. The peak since it began, in MiB, threads and their heaps included. */
  stop(): number;
}

/**
 * The same as `watchMemory`, but undefined where the system does not tell, for instance on a Linux without /proc. The peak
 * is undefined if it cannot be read in the end, for instance because the run took every file descriptor. The times of
 * such a run still count.
 */
export function watchMemoryIfKnown():
  { readonly baselineMiB: number; stop(): number | undefined } | undefined {
  const watch = ifTold(watchMemory);
  return watch && { baselineMiB: watch.baselineMiB, stop: () => ifTold(() => watch.stop()) };
}

function ifTold<Told>(ask: () => Told): Told | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/**
 * Takes what is resident now as the baseline, after a collection.
 * @throws what Node throws where the system does not tell
 */
export function watchMemory(): MemoryWatch {
  collectGarbage();
  const baselineMiB = process.memoryUsage.rss() / MIB;
  if (resetPeak() && peakMiBOf('self') > 0)
    return { baselineMiB, stop: () => Math.max(baselineMiB, peakMiBOf('self')) };
  let sampled = baselineMiB;
  const timer = setInterval(() => {
    sampled = Math.max(sampled, process.memoryUsage.rss() / MIB);
  }, SAMPLE_EVERY_MS).unref();
  return {
    baselineMiB,
    stop() {
      clearInterval(timer);
      return Math.max(sampled, process.memoryUsage.rss() / MIB);
    },
  };
}

function resetPeak(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}
