// Where a run was made, with which versions of the packages it compares, and whether it had the machine to itself.
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, versionOf, type Machine } from '../src/measure/environment.ts';

export interface BenchEnvironment extends Machine {
  /** The part of all cores' time that other processes took just before the run or just after it. */
  readonly takenByOthers: number;
}

/** Above this the machine was at work for somebody else. */
export const BUSY = 0.2;

export function benchEnvironment(packages: readonly string[], takenByOthers: number): BenchEnvironment {
  const here = environment();
  const more = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  return { ...here, packages: { ...here.packages, ...more }, takenByOthers };
}

const LOOK_MS = 250;

/**
 * Looks for LOOK_MS how busy the cores are while this process sleeps, from 0 to 1. Not the load average: that
 * remembers the minute before, in which the reader may have run another suite.
 */
export async function lookForOthers(): Promise<number> {
  const before = coreTimes();
  await sleep(LOOK_MS);
  const after = coreTimes();
  const all = after.all - before.all;
  return all > 0 ? Number((1 - (after.idle - before.idle) / all).toFixed(2)) : 0;
}

/** The time of all cores together since they started, and how much of it they idled. */
function coreTimes(): { readonly all: number; readonly idle: number } {
  const times = cpus().map((core) => core.times);
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    all: sumOf(times.flatMap((time) => Object.values(time))),
    idle: sumOf(times.map((time) => time.idle)),
  };
}
