// How much of the machine other processes took while we measured. A busy machine makes times too long and spreads too
// wide, and a reader must know. The load average would be wrong: it remembers the minute before, and it counts our own
// trials. So we count all the time that the cores were at work, and subtract what we and our children used.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingChildren } from '../child.ts';
import { childrenOf, TICK_MS, ticksOf } from './process-stat.ts';

/**
 * Above this part of all cores' time the machine was at work for somebody else. A desktop at rest takes a few percent;
 * a fifth of two cores is what slows down a trial that uses both.
 */
export const BUSY = 0.2;

/** The run is cut into windows of this length, so that a busy second does not vanish in a long quiet run. */
const WINDOW_MS = 500;
/** Over less time than this, the ticks in which Linux counts CPU time (10 ms) would decide. */
const LEAST_WINDOW_MS = 250;
/** Others must have been at work for this part of the run. A single burst spoils one trial, which hardly moves a median. */
const PART_OF_RUN = 0.1;

/** CPU time up to now, in milliseconds. Only differences of two readings mean something. */
export interface CpuTimes {
  /** All cores together, at work or not. */
  readonly allMs: number;
  /** All cores together, at work for anybody. */
  readonly busyMs: number;
  /** This process and its children; undefined where the system does not tell what the children used. */
  readonly ownMs: number | undefined;
}

export interface OthersWatch {
  /**
   * Ends the watch. The part of all cores' time, from 0 to 1, that processes other than this one and its children took
   * for at least a tenth of the time since it began.
   */
  stop(): Promise<number>;
}

/** Begins to watch how much of the machine others take; `BUSY` is the part above which a reader must be told. */
export function watchOthers(read: () => CpuTimes = cpuTimes): OthersWatch {
  const shares: number[] = [];
  let last = read();
  let lastMs = performance.now();
  const endWindow = () => {
    const next = read();
    const share = takenByOthers(last, next);
    if (share !== undefined) shares.push(share);
    last = next;
    lastMs = performance.now();
  };
  const timer = setInterval(endWindow, WINDOW_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      const restMs = LEAST_WINDOW_MS - (performance.now() - lastMs);
      // The last window is a short one. It is left out, unless there is no other.
      if (restMs <= 0) endWindow();
      else if (shares.length === 0) {
        await sleep(restMs);
        endWindow();
      }
      return shareOfRun(shares);
    },
  };
}

/** The part that was reached or exceeded in a tenth of the windows, rounded to a percent. */
export function shareOfRun(shares: readonly number[]): number {
  const sorted = shares.toSorted((a, b) => b - a);
  const place = Math.max(0, Math.ceil(sorted.length * PART_OF_RUN) - 1);
  return Number((sorted[place] ?? 0).toFixed(2));
}

/** The part of all cores' time between two readings that was not ours; undefined where that is not known. */
export function takenByOthers(before: CpuTimes, after: CpuTimes): number | undefined {
  if (before.ownMs === undefined || after.ownMs === undefined) return undefined;
  const allMs = after.allMs - before.allMs;
  if (allMs <= 0) return undefined;
  const othersMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs);
  return Math.min(1, Math.max(0, othersMs / allMs));
}

export function cpuTimes(): CpuTimes {
  return onLinux() ?? onAnySystem();
}

function onLinux(): CpuTimes | undefined {
  try {
    const [line] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
    // "cpu", then user, nice, system, idle, iowait, irq, softirq, steal. What follows is part of user and nice.
    const ticks = line!.trim().split(/\s+/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, value) => sum + value, 0);
    const [, , , idle = 0, iowait = 0] = ticks;
    const self = ticksOf('self');
    let own = self.itself + self.endedChildren;
    for (const pid of livingChildren()) own += childTicks(pid);
    return { allMs: all * TICK_MS, busyMs: (all - idle - iowait) * TICK_MS, ownMs: own * TICK_MS };
  } catch {
    return undefined;
  }
}

/** CPU time of a child of ours and of its own children, in ticks. A trial may have started workers and a database. */
function childTicks(pid: number): number {
  try {
    const { itself, endedChildren } = ticksOf(pid);
    return childrenOf(pid).reduce((sum, child) => sum + childTicks(child), itself + endedChildren);
  } catch {
    return 0; // it has ended, and counts among the ended children of its parent
  }
}

/** Other systems do not tell what children used. So only times without a child count. */
function onAnySystem(): CpuTimes {
  const times = cpus().map((core) => core.times);
  const idleMs = times.reduce((sum, time) => sum + time.idle, 0);
  const allMs = times
    .flatMap((time) => Object.values(time))
    .reduce((sum, milliseconds) => sum + milliseconds, 0);
  const { user, system } = process.cpuUsage();
  const alone = [...livingChildren()].length === 0;
  return { allMs, busyMs: allMs - idleMs, ownMs: alone ? (user + system) / 1000 : undefined };
}
