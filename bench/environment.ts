// Where a run was made, with which versions of the packages it compares, and whether it had the machine to itself.
import { loadavg } from 'node:os';
import { environment, versionOf, type Machine } from '../src/measure/environment.ts';

export interface BenchEnvironment extends Machine {
  /** Processes that wanted to run in the minute before the run, for each core; 0 where the system does not say. */
  readonly loadPerCore: number;
}

/** Above this the machine was at work for somebody else. */
export const BUSY_LOAD = 0.5;

export function benchEnvironment(packages: readonly string[] = []): BenchEnvironment {
  const here = environment();
  const more = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  const loadPerCore = Number((loadavg()[0]! / here.cores).toFixed(2));
  return { ...here, packages: { ...here.packages, ...more }, loadPerCore };
}
