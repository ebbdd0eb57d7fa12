// Whether a task waits or computes. A few tasks are measured to find out. The author is not asked, because authors often do
// not know: reading a file may be waiting or computing, depending on the disk and the cache.

/** A task waits, computes, or does so much of both that neither may be left out. */
export type Nature = 'waits' | 'computes' | 'both';

export const NATURES = ['waits', 'computes', 'both'] as const satisfies readonly Nature[];

/** What one task took on average, one at a time, in milliseconds. */
export interface TaskTimes {
  /** From its start to its end, without the time in which other processes had the core that it needed. */
  readonly wallMs: number;
  /** The part of it in which nothing else could run in its thread. */
  readonly heldMs: number;
  /** CPU time of its thread. */
  readonly threadCpuMs: number;
  /** CPU time of the other threads of the process: those that zlib, crypto and the file system use. */
  readonly otherCpuMs: number;
}

/** What a few tasks told before anything was measured. */
export interface Probe extends TaskTimes {
  /** The tasks that were run. */
  readonly tasks: number;
  /** Whether the task returned something else than a promise. */
  readonly isSynchronous: boolean;
}

/** A part of a task's time that is smaller than this does not decide. */
const SMALL = 0.2;

export function natureOf({ wallMs, threadCpuMs, otherCpuMs }: TaskTimes): Nature {
  if (threadCpuMs >= (1 - SMALL) * wallMs) return 'computes';
  return threadCpuMs + otherCpuMs <= SMALL * wallMs ? 'waits' : 'both';
}

/** The readings of some tasks together, in milliseconds. */
export interface Readings {
  readonly tasks: number;
  readonly wallMs: number;
  /** The event loop had nothing to do. */
  readonly idleMs: number;
  /** The thread could have run, but other processes had its core. */
  readonly waitedForCoreMs: number;
  /** The same of the helper that had to wait longest: a thread that works for the task, as those of zlib and sharp do. */
  readonly helperWaitedForCoreMs: number;
  /** The same of a thread of the engine: this thread waits for those that collect garbage with it. */
  readonly engineWaitedForCoreMs: number;
  readonly threadCpuMs: number;
  /** CPU time of all helpers. The threads of the engine itself, which compile and collect garbage, are none. */
  readonly helperCpuMs: number;
}

/**
 * The CPU clock of a thread that is running stands still between two ticks of the system, and a tick takes up to 10 ms. So a
 * difference this small says nothing.
 */
const TICK_MS = 10;

/** The times of one task. A busy machine makes tasks longer; what it added is taken off. */
export function timesOf(readings: Readings): TaskTimes {
  const { tasks, wallMs, idleMs, helperCpuMs } = readings;
  const { waitedForCoreMs, helperWaitedForCoreMs, engineWaitedForCoreMs } = readings;
  const activeMs = Math.max(0, wallMs - idleMs);
  // A thread can also wait for a core while its loop counts as idle. Such a wait must not take off what the thread computed.
  const notIdleMs = Math.max(activeMs - waitedForCoreMs, Math.min(activeMs, readings.threadCpuMs));
  const heldMs = Math.max(Math.min(notIdleMs, readings.threadCpuMs), notIdleMs - engineWaitedForCoreMs);
  // What holds the thread and is no waiting for a core is computing, unless the clock clearly says otherwise.
  const threadCpuMs =
    heldMs - readings.threadCpuMs <= TICK_MS ? heldMs : Math.min(heldMs, readings.threadCpuMs);
  // While a helper waits for a core, so does the task: its thread is idle then.
  const idleForItselfMs = Math.max(0, idleMs - helperWaitedForCoreMs);
  const ownWallMs = Math.max(heldMs + idleForItselfMs, Math.min(helperCpuMs, wallMs));
  const each = (ms: number) => ms / tasks;
  return {
    wallMs: each(ownWallMs),
    heldMs: each(heldMs),
    threadCpuMs: each(threadCpuMs),
    otherCpuMs: each(helperCpuMs),
  };
}
