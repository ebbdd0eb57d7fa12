// Where a measurement was made. Absolute times mean nothing without it.
import { availableParallelism, cpus } from 'node:os';
import { installedVersion } from '../files/installed-version.ts';

const PACKAGES = ['msw', 'piscina', 'tinybench', 'undici'] as const;

/** A machine, and the versions of the packages that were measured on it. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  /** Cores this process may use. */
  readonly cores: number;
  readonly packages: Readonly<Record<string, string>>;
}

/** A machine, and whether a run had it for itself. */
export interface MachineDuringRun extends Machine {
  /** The part of all cores' time that other processes took for at least a tenth of the run, 0 to 1. */
  readonly takenByOthers: number;
}

export interface Environment extends Machine {
  readonly packages: Readonly<Record<(typeof PACKAGES)[number], string>>;
}

/** The environment of a comparison, as its JSON holds it. */
export interface RunEnvironment extends Environment, MachineDuringRun {
  readonly packages: Environment['packages'];
}

export function environment(): Environment {
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    packages: Object.fromEntries(
      PACKAGES.map((name) => [name, installedVersion(name)]),
    ) as Environment['packages'],
  };
}
