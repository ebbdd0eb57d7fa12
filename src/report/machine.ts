// Where a run was made, in words.
import type { Machine, MachineDuringRun } from '../measure/environment.ts';
import { BUSY } from '../measure/others.ts';
import { oneLine } from '../printable.ts';
import { count, percent } from './units.ts';

/** `msw 3.0.5, piscina 5.3.2` */
export const versionsOf = (packages: Machine['packages']): string =>
  Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/** Where it was measured, in two lines: the machine, and the packages. Both may come from a file. */
export const environmentLines = ({ node, cpu, cores, platform, packages }: Machine): [string, string] => [
  oneLine(`Node ${node}, ${platform}, ${cpu}, ${count(cores, 'core')}`),
  oneLine(versionsOf(packages)),
];

/** Warns of a machine that was at work for others; undefined if it was not. */
export const busyLine = ({ takenByOthers }: Pick<MachineDuringRun, 'takenByOthers'>): string | undefined =>
  takenByOthers > BUSY
    ? `The machine was busy: others took ${percent(takenByOthers)} of its cores, so times are too long.`
    : undefined;
