// The suites, in the order in which a reader may want them.
import type { Suite } from './suite.ts';
import { io } from './io/suite.ts';
import { memory } from './memory/suite.ts';
import { cpu } from './cpu/suite.ts';
import { pools } from './pools/suite.ts';

export const SUITES: readonly Suite[] = [pools, io, memory, cpu];
