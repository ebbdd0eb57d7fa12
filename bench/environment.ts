// The machine of a run, and the versions of all that it compares.
import { installedVersion } from '../src/files/installed-version.ts';
import { environment, type MachineDuringRun } from '../src/measure/environment.ts';
import type { Plan } from './suite.ts';

export function benchEnvironment(
  { packages = [], versions }: Pick<Plan, 'packages' | 'versions'>,
  takenByOthers: number,
): MachineDuringRun {
  const here = environment();
  const more = Object.fromEntries(packages.map((name) => [name, installedVersion(name)]));
  return { ...here, packages: { ...here.packages, ...more, ...versions }, takenByOthers };
}
