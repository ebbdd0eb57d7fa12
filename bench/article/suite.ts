// Repeats the article's measurements in its language, Python, and in ours, in one run and against the same API. Each of its
// claims gets a verdict for each language. `--runtime` adds other runtimes of JavaScript.
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { typedPath } from '../../src/files/typed-path.ts';
import { count } from '../../src/report/units.ts';
import type { Plan, PlannedMachine, Settings, Size, Suite, SuiteOption } from '../suite.ts';
import { judged, summaries } from './claims/claims.ts';
import { COMPUTING_REPEATS, computingSection, type ComputingAmounts } from './computing.ts';
import { findPython, namedPython, type Python, type PythonHere } from './find-python.ts';
import type { Language } from './language.ts';
import { node } from './node.ts';
import { pitfallSections } from './pitfalls.ts';
import { python } from './python.ts';
import { AMOUNTS as RUNTIME_AMOUNTS } from './runtimes/cases.ts';
import { findRuntimes } from './runtimes/find.ts';
import { askedRuntimes, RUNTIME_OPTION } from './runtimes/option.ts';
import { runtimesPart, type RuntimesPart } from './runtimes/part.ts';
import { LATENCY_MS, waitingSection, WARMUP, type WaitingAmounts } from './waiting.ts';

interface Amounts extends WaitingAmounts, Omit<ComputingAmounts, 'costMs'> {
  readonly repeats: number;
  /** Requests in flight at once, and threads, at which memory is compared. */
  readonly concurrency: readonly number[];
  /** The same for threads of Node, which take some 20 MiB each. */
  readonly nodeThreads: readonly number[];
}

const CONCURRENCY = [10, 30, 100];
const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: {
    warmup: WARMUP.quick,
    repeats: 1,
    requestsPerLane: 1,
    all: 100,
    atLeast: 1,
    concurrency: CONCURRENCY,
    nodeThreads: [10],
    tasks: 8,
    computingRepeats: COMPUTING_REPEATS.quick,
  },
  default: {
    warmup: WARMUP.default,
    repeats: 3,
    requestsPerLane: 4,
    all: 400,
    atLeast: 20,
    concurrency: CONCURRENCY,
    nodeThreads: CONCURRENCY,
    tasks: 24,
    computingRepeats: COMPUTING_REPEATS.default,
  },
  full: {
    warmup: WARMUP.full,
    repeats: 3,
    requestsPerLane: 10,
    all: 1000,
    atLeast: 1000,
    concurrency: CONCURRENCY,
    nodeThreads: CONCURRENCY,
    tasks: 96,
    computingRepeats: COMPUTING_REPEATS.full,
  },
};

/** CPU time of a task. In each language it is measured how much work that is. */
const COST_MS = 20;

const waitingNote = ({ warmup }: Pick<Amounts, 'warmup'>): string =>
  `C is the most requests in flight at once. N·L/C is the best possible time: N requests, each with a latency of L = ${LATENCY_MS} ms, divided by C. Memory is the peak of the whole process. "Over imports" is the part of it that came after the imports. CPU / N is the CPU time of one request. Before the clock starts, each row sends ${count(warmup, 'request')}, which the API answers at once.`;

const computingNote = ({ tasks }: Pick<Amounts, 'tasks'>): string =>
  `${count(tasks, 'task')} of some ${COST_MS} ms of CPU time. The name of a row says how many threads or processes there are. They have started, and have computed a little, before the clock starts. The memory of several processes is the sum of their peaks.`;

/** What the plan must know of the machine. */
interface Machine extends PlannedMachine {
  readonly python: PythonHere;
  /** 0 where the system does not tell. */
  readonly freeBytes: number;
}

/** For a plan that is not run. It needs no Python, so nobody has looked for one, nor for room for threads. */
const NOT_LOOKED_AT: Omit<Machine, keyof PlannedMachine> = {
  python: { missing: 'nobody looked for Python' },
  freeBytes: 0,
};

function thisMachine(): PlannedMachine {
  return { cores: availableParallelism(), platform: process.platform };
}

function plan(size: Size, settings: Settings = {}, { cores, platform } = thisMachine()): Plan {
  const names = new Set(askedRuntimes(settings['runtimes']).map(({ name }) => name));
  const machine = { ...NOT_LOOKED_AT, cores, platform };
  return planWith(machine, runtimesPart([...names], RUNTIME_AMOUNTS[size]), size, settings);
}

async function planHere(size: Size, settings: Settings, signal: AbortSignal): Promise<Plan> {
  const { python: named } = settings;
  const here = typeof named === 'string' ? await namedPython(named, signal) : await findPython(signal);
  const asked = askedRuntimes(settings['runtimes']);
  const runtimes = await findRuntimes(asked, signal);
  const names = asked.map(({ name }) => name);
  const machine = { ...thisMachine(), python: here, freeBytes: process.availableMemory() };
  return planWith(machine, runtimesPart(names, RUNTIME_AMOUNTS[size], runtimes), size, settings);
}

function planWith(machine: Machine, runtimes: RuntimesPart, size: Size, settings: Settings): Plan {
  const amounts = AMOUNTS[size];
  const { python: here, cores, platform, freeBytes } = machine;
  const { python: named } = settings;
  const languages: readonly Language[] = [
    python(here, {
      atOnce: amounts.concurrency,
      threads: amounts.concurrency,
      warmup: amounts.warmup,
      costMs: COST_MS,
      cores,
      platform,
    }),
    node({
      atOnce: amounts.concurrency,
      threads: amounts.nodeThreads,
      warmup: amounts.warmup,
      costMs: COST_MS,
      cores,
      freeBytes,
    }),
  ];
  return {
    settings: {
      ...amounts,
      latencyMs: LATENCY_MS,
      costMs: COST_MS,
      ...(named !== undefined && { python: named }),
      ...runtimes.settings,
    },
    repeats: amounts.repeats,
    versions: { ...('version' in here && versionsOf(here)), ...runtimes.versions },
    sections: [
      ...languages.map((language) =>
        waitingSection(language, `${waitingNote(amounts)} ${language.note}`, amounts),
      ),
      ...languages.map((language) =>
        computingSection(language, computingNote(amounts), { ...amounts, costMs: COST_MS }),
      ),
      ...pitfallSections(languages),
      ...runtimes.sections,
    ],
    closing: (rows) => [...summaries(rows, languages), ...runtimes.closing(rows)],
    claims: (rows) => judged(rows, languages),
  };
}

const versionsOf = ({ version, aiohttp }: Python): Readonly<Record<string, string>> => ({
  Python: version,
  ...(aiohttp !== undefined && { aiohttp }),
});

const PYTHON_OPTION: SuiteOption = {
  flags: '--python <path>',
  description: 'the Python that runs the programs (default: the first python3 that has aiohttp)',
  setting: 'python',
  read(text) {
    if (text.trim() === '')
      throw new InvalidArgumentError(`Expected the path of a Python, got ${JSON.stringify(text)}.`);
    // A name without a slash is looked up on PATH.
    return /[/\\]/.test(text) ? typedPath(text) : text;
  },
};

export const article: Suite = {
  name: 'article',
  summary: "What does each of the article's claims come to in Python, and what in Node?",
  options: [PYTHON_OPTION, RUNTIME_OPTION],
  plan,
  planHere,
};
