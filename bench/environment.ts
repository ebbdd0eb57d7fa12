// Where a run was made, and with which versions of the packages it compares.
import { environment, versionOf, type Environment } from '../src/measure/environment.ts';

export interface BenchEnvironment extends Omit<Environment, 'packages'> {
  readonly packages: Readonly<Record<string, string>>;
}

export function benchEnvironment(packages: readonly string[] = []): BenchEnvironment {
  const here = environment();
  const more = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  return { ...here, packages: { ...here.packages, ...more } };
}
