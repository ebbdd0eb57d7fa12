// Where a run was made, and with which versions of the packages it compares.
import { installedVersion } from '../src/files/installed-version.ts';
import { environment, type MachineDuringRun } from '../src/measure/environment.ts';

export function benchEnvironment(packages: readonly string[], takenByOthers: number): MachineDuringRun {
  const here = environment();
  const more = Object.fromEntries(packages.map((name) => [name, installedVersion(name)]));
  return { ...here, packages: { ...here.packages, ...more }, takenByOthers };
}
