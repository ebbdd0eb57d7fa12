// How well the event loop of this process goes: how late its timers come, and how much of the time it is busy. Watching it takes
// CPU time too, some 3 ms in each second. So where the CPU time of few requests is measured, nobody watches.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { trackLoop, type LoopRecord } from './loop-track.ts';

export interface Observation {
  /** How late a timer came that was due, in milliseconds. */
  readonly loopDelayMs: { readonly p99: number; readonly max: number };
  /** The part of the time in which the main thread's event loop was not idle, 0 to 1. */
  readonly loopUtilization: number;
}

export interface Observed {
  readonly observation: Observation;
  /** The delays over time. */
  readonly loop: LoopRecord;
}

const RESOLUTION_MS = 2;

/** Observes this process from now until the returned function is called; that also returns the loop over time. */
export async function observe(): Promise<() => Promise<Observed>> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // The first tick only sets the time from which the delay of the second is counted.
  await wait(2 * RESOLUTION_MS);
  const stopTracking = trackLoop();
  const utilized = performance.eventLoopUtilization();
  return async () => {
    const { utilization } = performance.eventLoopUtilization(utilized);
    const loop = stopTracking();
    // A loop that was blocked all the time has not ticked once. The next tick records its delay.
    await wait(2 * RESOLUTION_MS);
    delay.disable();
    const beyondResolution = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const observation = {
      loopDelayMs: { p99: beyondResolution(delay.percentile(99)), max: beyondResolution(delay.max) },
      loopUtilization: utilization,
    };
    return { observation, loop };
  };
}

/**
 * Waits for a whole turn of the event loop. It stands between two runs. Without it, runs that block would be one long block,
 * and the longest delay would tell how often we measured.
 */
export async function wholeTurn(): Promise<void> {
  await turn();
  await turn();
}
