// The suites, in the order in which a reader may want them.
import type { Suite } from './suite.ts';
import { pools } from './pools/suite.ts';

export const SUITES: readonly Suite[] = [pools];
