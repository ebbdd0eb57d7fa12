// Measures fetch-order, which only waits, by every approach, at several latencies and concurrencies, over both networks.
// It shows how near each approach comes to N·L/C, the best possible time, and what a request costs client and mock.
// Where one of these two has no CPU time left, the suite says so, because then that process was measured and not the wait.
import type { ApproachName } from '../../src/running/registry.ts';
import type { Network } from '../../src/jobs/job.ts';
import { duration, percent, ratio } from '../../src/report/units.ts';
import { inAllTrials } from '../../src/report/edges.ts';
import type { Rows } from '../rows.ts';
import type { Findings } from '../findings.ts';
import type { Case, Column, Context, Plan, Section, Size, Suite } from '../suite.ts';
import { CPU_NOTE, fetchTrial, type FetchTrialSettings } from '../trial.ts';

interface Amounts {
  readonly repeats: number;
  readonly requestsPerLane: number;
  /** Requests of promise-all, which has all of them in flight at once. */
  readonly all: number;
  /** No case sends fewer. A full run sends the article's 1,000. */
  readonly atLeast: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, requestsPerLane: 2, all: 200, atLeast: 1 },
  default: { repeats: 3, requestsPerLane: 10, all: 1000, atLeast: 1 },
  full: { repeats: 1, requestsPerLane: 10, all: 1000, atLeast: 1000 },
};

const LATENCIES_MS = [0, 12, 120];
/** Without latency there is only the mock to measure, which the suite `mock` does. */
const INTERCEPTED_LATENCIES_MS = [12, 120];
/** Threads that wait. What a hundred of them cost is a question for the suite `memory`. */
const THREADS = 10;
const SEED = 1;

interface Lane {
  readonly approach: ApproachName;
  readonly concurrency: number;
}

/** On the intercepted network there are fewer rows: it changes nothing in how an approach waits. */
const lanesOf = (network: Network, all: number): Lane[] => {
  const lanes: ReadonlyArray<Lane & { readonly alsoIntercepted?: true }> = [
    { approach: 'blocking', concurrency: 1 },
    { approach: 'sequential', concurrency: 1, alsoIntercepted: true },
    { approach: 'bounded-pool', concurrency: 1 },
    { approach: 'bounded-pool', concurrency: 10, alsoIntercepted: true },
    { approach: 'bounded-pool', concurrency: 100, alsoIntercepted: true },
    { approach: 'promise-all', concurrency: all, alsoIntercepted: true },
    { approach: 'worker-threads', concurrency: THREADS },
  ];
  return lanes.filter(({ alsoIntercepted }) => network === 'loopback' || alsoIntercepted);
};

const titleOf = (network: Network, latencyMs: number) => `${latencyMs} ms, ${network}`;
const nameOf = ({ approach, concurrency }: Lane) => `${approach}, C = ${concurrency}`;
const SEQUENTIAL = nameOf({ approach: 'sequential', concurrency: 1 });

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, latenciesMs: LATENCIES_MS, threads: THREADS, seed: SEED },
    repeats: amounts.repeats,
    sections: [
      ...LATENCIES_MS.map((latencyMs) => sectionOf('loopback', latencyMs, amounts)),
      ...INTERCEPTED_LATENCIES_MS.map((latencyMs) => sectionOf('intercepted', latencyMs, amounts)),
    ],
    closing,
  };
}

const TABLE_NOTE =
  'C is the most requests in flight at once. N·L/C is the best possible time: all requests one after the other, divided by C.';

function sectionOf(network: Network, latencyMs: number, amounts: Amounts): Section {
  return {
    title: titleOf(network, latencyMs),
    note: network === 'loopback' && latencyMs === 0 ? `${TABLE_NOTE} ${CPU_NOTE}` : TABLE_NOTE,
    columns: {
      requests: { title: 'requests', show: String, alone: true },
      msPerRequest: { title: 'time / N', show: duration },
      speedup: { title: 'speed-up', show: ratio },
      ofLimit: { title: 'of N·L/C', show: percent },
      clientCpuMsPerRequest: { title: 'client CPU', show: duration, alone: true },
      clientBusy: { title: 'client busy', show: percent, alone: true },
      ...(network === 'loopback' && MOCK_COLUMNS),
    },
    ratios: [{ figure: 'msPerRequest', baseline: SEQUENTIAL, as: 'speedup', inverse: true }],
    cases: lanesOf(network, amounts.all).map((lane) => caseOf(network, latencyMs, lane, amounts)),
  };
}

const MOCK_COLUMNS: Readonly<Record<string, Column>> = {
  mockCpuMsPerRequest: { title: 'mock CPU', show: duration, alone: true },
  mockBusy: { title: 'mock busy', show: percent, alone: true },
  sockets: { title: 'sockets', show: String, alone: true },
};

function caseOf(network: Network, latencyMs: number, lane: Lane, amounts: Amounts): Case {
  const { approach, concurrency } = lane;
  const requests =
    approach === 'promise-all'
      ? amounts.all
      : Math.max(amounts.atLeast, amounts.requestsPerLane * concurrency);
  const ask: FetchTrialSettings = {
    approach,
    requests,
    concurrency,
    threads: THREADS,
    conditions: { latencyMs, jitterMs: 0, seed: SEED },
    network,
  };
  const limitMs = (requests / concurrency) * latencyMs;
  const processMs = approach === 'worker-threads' ? 600 : 230;
  const warmupMs = Math.min(requests, 10 * concurrency) * (latencyMs / concurrency);
  return {
    name: nameOf(lane),
    estimateMs: processMs + warmupMs + Math.max(250, limitMs, 0.3 * requests),
    run: (context) => turnOf(ask, limitMs, context),
  };
}

async function turnOf(ask: FetchTrialSettings, limitMs: number, context: Context): Promise<Findings> {
  const { measurement, api } = await fetchTrial(ask, context);
  const { timesMs, cpuMs } = measurement;
  const { requests } = ask;
  const totalMs = timesMs.reduce((sum, ms) => sum + ms, 0);
  return {
    requests,
    msPerRequest: timesMs.map((ms) => ms / requests),
    ...(limitMs > 0 && { ofLimit: timesMs.map((ms) => limitMs / ms) }),
    clientCpuMsPerRequest: cpuMs / requests,
    clientBusy: (cpuMs * timesMs.length) / totalMs,
    ...(api && {
      mockCpuMsPerRequest: api.cpuMs / (requests * timesMs.length),
      mockBusy: api.cpuMs / totalMs,
      sockets: api.sockets,
    }),
  };
}

/** If a process computes for more than this part of the time, all others wait for it. */
const FULL = 0.85;

function closing(rows: Rows): string[] {
  const sentences: string[] = [];
  const waiting = titleOf('loopback', 120);
  const ten = nameOf({ approach: 'bounded-pool', concurrency: 10 });
  const speedup = rows.spread(waiting, ten, 'speedup');
  if (speedup && inAllTrials(speedup, (times) => Math.abs(times - 10) < 1)) {
    sentences.push(
      `At 120 ms ten at once are ${ratio(speedup.median)} as fast as one by one: the ratio is the concurrency.`,
    );
  }
  const full = (figure: string) =>
    rows.all
      .filter(({ section }) => section.endsWith('loopback'))
      .filter(({ section, name }) => {
        const busy = rows.spread(section, name, figure);
        return busy && inAllTrials(busy, (part) => part > FULL);
      })
      .map(({ section, name }) => `${name} at ${section.split(',')[0]}`);
  // JavaScript in one thread can use one core. Threads may use all of them, so one full core does not stop them.
  const client = full('clientBusy').filter((name) => !name.startsWith('worker-threads'));
  const mock = full('mockBusy');
  if (client.length > 0) sentences.push(`The client's CPU is full in: ${client.join('; ')}.`);
  if (mock.length > 0) {
    sentences.push(`The mock's CPU is full, so the mock is what was measured, in: ${mock.join('; ')}.`);
  }
  return sentences;
}

export const io: Suite = {
  name: 'io',
  summary: 'How near does each approach come to the best possible time, and what does it wait for?',
  plan,
};
