// All suites: first the article's claims in both languages, then each claim in depth, then other packages and the queue, and
// last what the measuring itself costs.
import type { Suite } from './suite.ts';
import { article } from './article/suite.ts';
import { io } from './io/suite.ts';
import { memory } from './memory/suite.ts';
import { cpu } from './cpu/suite.ts';
import { mock } from './mock/suite.ts';
import { payload } from './payload/suite.ts';
import { pitfalls } from './pitfalls/suite.ts';
import { pools } from './pools/suite.ts';
import { queue } from './queue/suite.ts';

export const SUITES: readonly Suite[] = [article, io, cpu, memory, pools, payload, queue, pitfalls, mock];
