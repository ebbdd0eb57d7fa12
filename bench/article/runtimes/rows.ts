// The rows of other runtimes, and those of Node beside them: our approaches over the global fetch, and with Workers. All of
// them stand in one table. A row's name begins with the client, and then says what it does.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { calibrate } from '../../../src/jobs/price-order.ts';
import { trialEnvironment } from '../../../src/measure/compile-cache.ts';
import { duration, mebibytes, percent } from '../../../src/report/units.ts';
import type { Findings } from '../../findings.ts';
import { LeftOut, type Case, type Section, type Settings, type Size } from '../../suite.ts';
import type { Rows } from '../../rows.ts';
import type { Program } from '../foreign.ts';
import { computeBy, sendBy } from '../foreign-ways.ts';
import { LATENCY_MS, warmupOf } from '../waiting.ts';
import { adviceOf } from './advice.ts';
import type { FetchMore } from './fetch.ts';
import { isHere, isNotHere, programOf, type NoRuntime, type Runtime, type RuntimeHere } from './find.ts';
import { RUNTIMES, type RuntimeName } from './kinds.ts';
import { CONCURRENCY, rowName, TITLE, type Way } from './names.ts';
import type { PriceMore } from './price.ts';

interface Amounts {
  readonly oneByOne: number;
  readonly requests: number;
  readonly tasks: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { oneByOne: 2, requests: 100, tasks: 8 },
  default: { oneByOne: 5, requests: 400, tasks: 24 },
  full: { oneByOne: 10, requests: 1000, tasks: 96 },
};

/** CPU time of a task in Node, in milliseconds. */
const COST_MS = 20;

/** Whatever sends and computes: a runtime, with one of its HTTP clients. */
export interface Client {
  /** How its rows begin. */
  readonly called: string;
  readonly client: FetchMore['client'];
  /** Whether it computes, too. A runtime with two clients computes only once. */
  readonly computes: boolean;
  /** One of our programs, run by it. */
  program(file: string): Program;
}

const NODE: readonly Client[] = [
  { called: 'Node', client: 'fetch', computes: true, program: nodeProgram },
  { called: 'Node with undici', client: 'undici', computes: false, program: nodeProgram },
];

function nodeProgram(file: string): Program {
  const module = fileURLToPath(new URL(file, import.meta.url));
  const { NODE_COMPILE_CACHE: cache = '' } = trialEnvironment();
  return {
    called: 'Node',
    command: process.execPath,
    args: [module],
    environment: { NODE_COMPILE_CACHE: cache },
  };
}

/** What the runtimes that were asked for add to the plan of the suite. */
export interface RuntimesPart {
  readonly settings: Settings;
  readonly versions: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
  closing(rows: Rows): string[];
}

/**
 * The part of `names`; nothing, if none was asked for: then nothing is measured, and nothing is said. `here` is what this
 * machine has of them. Without it the part can be shown, but not run.
 */
export function runtimesPart(
  names: readonly RuntimeName[],
  size: Size,
  here: readonly RuntimeHere[] = names.map(notLookedFor),
): RuntimesPart {
  if (names.length === 0) return { settings: {}, versions: {}, sections: [], closing: () => [] };
  const amounts = AMOUNTS[size];
  const found = here.filter(isHere);
  const clients = [...NODE, ...found.map(clientOf)];
  const everybody = [...NODE.map(({ called }) => called), ...names.map((name) => RUNTIMES[name].called)];
  return {
    settings: { runtimes: names, runtimeRequests: amounts.requests, runtimeTasks: amounts.tasks },
    versions: Object.fromEntries(found.map(({ name, version }) => [RUNTIMES[name].called, version])),
    sections: [
      {
        title: TITLE,
        note: NOTE,
        columns: {
          msPerInput: { title: 'time / N', show: duration },
          cpuMsPerInput: { title: 'CPU / N', show: duration, alone: true },
          peakMiB: { title: 'memory', show: mebibytes, alone: true },
          ofLimit: { title: 'of N·L/C', show: percent, alone: true },
          peakInFlight: { title: 'at once', show: String, alone: true },
          inputs: { title: 'N', show: String, alone: true },
        },
        cases: [...casesOf(clients, amounts), ...here.filter(isNotHere).map(absent)],
      },
    ],
    closing: (rows) => adviceOf(rows, everybody),
  };
}

const notLookedFor = (name: RuntimeName): RuntimeHere => ({
  name,
  reason: new LeftOut('nobody has looked for it'),
});

const clientOf = (runtime: Runtime): Client => ({
  called: RUNTIMES[runtime.name].called,
  client: 'fetch',
  computes: true,
  program: (file) => programOf(runtime, file),
});

const NOTE = `Each row is one approach of this workbench, in a file that is the same for all runtimes. It sends N requests of L = ${LATENCY_MS} ms by the runtime's own fetch (or by undici), or it computes N tasks of some ${COST_MS} ms, the same work for all. C is the most requests in flight at once; "at once" is what the API saw. Memory is the peak of the whole process.`;

const absent = ({ name, reason }: NoRuntime): Case => ({
  name: RUNTIMES[name].called,
  estimateMs: 1,
  run: () => Promise.reject(reason),
});

/** A process starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 300;

function casesOf(clients: readonly Client[], { oneByOne, requests, tasks }: Amounts): Case[] {
  const cores = availableParallelism();
  let rounds = 0;
  /** Counted once, so that all runtimes do the same work. */
  const roundsOf = () => {
    if (rounds === 0) rounds = calibrate(COST_MS);
    return rounds;
  };

  const sending = (client: Client, way: Way, approach: FetchMore['approach'], count: number): Case => {
    const atOnce = { sequential: 1, 'bounded-pool': CONCURRENCY, 'promise-all': count }[approach];
    const limitMs = (count / atOnce) * LATENCY_MS;
    const more: FetchMore = { approach, client: client.client };
    return {
      name: rowName(client.called, way),
      estimateMs: PROCESS_MS + (warmupOf(count, atOnce) / atOnce) * LATENCY_MS + Math.max(limitMs, count),
      async run(context): Promise<Findings> {
        const { timesMs, cpuMs, peakMiB, peakInFlight } = await sendBy(
          client.program('./fetch.ts'),
          { requests: count, atOnce: approach === 'promise-all' ? 'all' : atOnce, more },
          context,
        );
        return {
          inputs: count,
          msPerInput: timesMs.map((ms) => ms / count),
          cpuMsPerInput: cpuMs / count,
          ...(peakMiB !== undefined && { peakMiB }),
          ofLimit: timesMs.map((ms) => limitMs / ms),
          peakInFlight,
        };
      },
    };
  };

  const computing = (client: Client, way: Way, approach: PriceMore['approach']): Case => ({
    name: rowName(client.called, way),
    // Once to warm up, and once to measure.
    estimateMs: PROCESS_MS + 2 * tasks * COST_MS,
    async run(context): Promise<Findings> {
      const settings = { approach, tasks, rounds: roundsOf(), workers: cores };
      const { timesMs, cpuMs, peakMiB } = await computeBy(client.program('./price.ts'), settings, context);
      return {
        inputs: tasks,
        msPerInput: timesMs.map((ms) => ms / tasks),
        ...(cpuMs !== undefined && { cpuMsPerInput: cpuMs / tasks }),
        ...(peakMiB !== undefined && { peakMiB }),
      };
    },
  });

  return clients.flatMap((client) => [
    sending(client, 'oneByOne', 'sequential', oneByOne),
    sending(client, 'pool', 'bounded-pool', requests),
    sending(client, 'all', 'promise-all', requests),
    ...(client.computes
      ? [
          computing(client, 'computing', 'sequential'),
          computing(client, 'computingAll', 'promise-all'),
          computing(client, 'computingInThreads', 'worker-threads'),
        ]
      : []),
  ]);
}
