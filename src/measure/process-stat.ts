// Reads from Linux the CPU time, the peak memory and the children of a process.
import { readFileSync } from 'node:fs';
import { processFieldsOf } from '../files/process-fields.ts';

/** Linux counts CPU time in ticks of a hundredth of a second, on every architecture that Node runs on. */
export const TICK_MS = 10;

export type ProcessId = number | 'self';

/** CPU time in ticks. @throws Node's error if the process has ended, or if the system has no /proc */
export function ticksOf(pid: ProcessId): { readonly itself: number; readonly endedChildren: number } {
  const ticks = processFieldsOf(pid).slice(11, 15).map(Number);
  const [userTicks = 0, systemTicks = 0, childUserTicks = 0, childSystemTicks = 0] = ticks;
  return { itself: userTicks + systemTicks, endedChildren: childUserTicks + childSystemTicks };
}

/** The most that was resident at one time, in MiB. @throws as `ticksOf` does */
export function peakMiBOf(pid: ProcessId): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kibibytes) / 1024;
}

/** The children of one of our processes that have not ended. None if the system does not tell. */
export function childrenOf(pid: number): readonly number[] {
  try {
    // Node starts its children from the main thread, whose number is that of the process.
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}
