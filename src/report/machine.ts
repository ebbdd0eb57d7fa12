// Where a run was made, in words.
import type { Machine } from '../measure/environment.ts';
import { oneLine } from '../printable.ts';
import { count } from './units.ts';

/** `msw 3.0.5, piscina 5.3.2` */
export const versionsOf = (packages: Machine['packages']): string =>
  Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/** Where it was measured, in two lines. The machine may be one that a file tells of. */
export const environmentLines = ({ node, cpu, cores, platform, packages }: Machine): string[] =>
  [`Node ${node}, ${platform}, ${cpu}, ${count(cores, 'core')}`, versionsOf(packages)].map(oneLine);
