// The article's measurements, in the language it speaks of and in ours, in one run and against the same API. Then a verdict
// for each of its claims, for each language.
import type { Plan, Size, Suite } from '../suite.ts';
import { computingSection } from './computing.ts';
import type { Language } from './language.ts';
import { node } from './node.ts';
import { LATENCY_MS, waitingSection, type WaitingAmounts } from './waiting.ts';

interface Amounts extends WaitingAmounts {
  readonly repeats: number;
  /** Requests in flight at once, and threads, at which memory is compared. */
  readonly concurrency: readonly number[];
  /** The same for threads of Node, which take some 20 MiB each. */
  readonly nodeThreads: readonly number[];
  readonly tasks: number;
}

const CONCURRENCY = [10, 30, 100];
const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: {
    repeats: 1,
    requestsPerLane: 1,
    all: 100,
    atLeast: 1,
    concurrency: CONCURRENCY,
    nodeThreads: [10],
    tasks: 8,
  },
  default: {
    repeats: 3,
    requestsPerLane: 4,
    all: 400,
    atLeast: 1,
    concurrency: CONCURRENCY,
    nodeThreads: CONCURRENCY,
    tasks: 24,
  },
  full: {
    repeats: 3,
    requestsPerLane: 10,
    all: 1000,
    atLeast: 1000,
    concurrency: CONCURRENCY,
    nodeThreads: CONCURRENCY,
    tasks: 96,
  },
};

/** CPU time of a task in JavaScript. */
const COST_MS = 20;

const WAITING_NOTE = `C is the most requests in flight at once. N·L/C is the best possible time: N requests, each with a latency of L = ${LATENCY_MS} ms, divided by C. Memory is the peak of the whole process.`;

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  const languages: readonly Language[] = [
    node({ atOnce: amounts.concurrency, threads: amounts.nodeThreads, costMs: COST_MS }),
  ];
  return {
    settings: { ...amounts, latencyMs: LATENCY_MS, costMs: COST_MS },
    repeats: amounts.repeats,
    sections: [
      ...languages.map((language) => waitingSection(language, WAITING_NOTE, amounts)),
      ...languages.map((language) =>
        computingSection(language, `${amounts.tasks} tasks.`, { tasks: amounts.tasks, costMs: COST_MS }),
      ),
    ],
    closing: () => [],
  };
}

export const article: Suite = {
  name: 'article',
  summary: "What does each of the article's claims come to in Python, and what in Node?",
  plan,
};
