// Measures the mocked API itself: how long a request really takes beside the latency that was asked for, what it costs on
// each network, and how the mock compares with a bare server. Read the other suites with these figures in hand.
import type { Network } from '../../src/jobs/job.ts';
import { median } from '../../src/measure/statistics.ts';
import { duration, percent, ratio } from '../../src/report/units.ts';
import { inAllTrials } from '../../src/report/edges.ts';
import type { Rows } from '../rows.ts';
import type { Case, Plan, Section, Size, Suite } from '../suite.ts';
import { inOwnProcess } from '../own-process.ts';
import { CPU_NOTE, fetchTrial } from '../trial.ts';
import { SERVER_NAMES, type ServerName } from './server-names.ts';
import type { ThroughputInput } from './throughput.ts';

interface Amounts {
  readonly repeats: number;
  readonly requestsPerLane: number;
  /** To each kind of server in one turn. */
  readonly throughputRequests: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, requestsPerLane: 1, throughputRequests: 2000 },
  default: { repeats: 3, requestsPerLane: 3, throughputRequests: 10_000 },
  full: { repeats: 15, requestsPerLane: 10, throughputRequests: 50_000 },
};

const CONCURRENCIES = [1, 10, 100, 1000];
const LATENCIES_MS = [12, 120];
const NETWORKS: readonly Network[] = ['loopback', 'intercepted'];
/** A median of fewer requests says nothing. */
const LEAST_REQUESTS = 10;

const titleOf = (latencyMs: number) => `${latencyMs} ms asked for`;
const nameOf = (network: Network, concurrency: number) => `${network}, C = ${concurrency}`;

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, concurrency: CONCURRENCIES, latenciesMs: LATENCIES_MS },
    repeats: amounts.repeats,
    packages: ['@hono/node-server', 'hono'],
    sections: [...LATENCIES_MS.map((latencyMs) => sectionOf(latencyMs, amounts)), throughputSection(amounts)],
    closing,
  };
}

function sectionOf(latencyMs: number, { requestsPerLane }: Amounts): Section {
  return {
    title: titleOf(latencyMs),
    note: `How long a request takes for the client, from the call to the parsed answer. The process has warmed up before. ${CPU_NOTE}`,
    columns: {
      latencyMs: { title: 'median latency', show: duration },
      overAsked: { title: '× asked', show: ratio, alone: true },
      slowestTenthMs: { title: 'p90', show: duration, alone: true },
      clientCpuMsPerRequest: { title: 'client CPU / request', show: duration },
      serverCpuMsPerRequest: { title: 'server CPU / request', show: duration },
      clientBusy: { title: 'client busy', show: percent, alone: true },
    },
    cases: NETWORKS.flatMap((network) =>
      CONCURRENCIES.map((concurrency): Case => {
        const requests = Math.max(LEAST_REQUESTS, requestsPerLane * concurrency);
        const runMs = Math.max((requests / concurrency) * latencyMs, 0.6 * requests);
        return {
          name: nameOf(network, concurrency),
          estimateMs: 300 + 1.2 * Math.max(runMs, 150),
          async run(context) {
            const conditions = { latencyMs, jitterMs: 0, seed: 1 };
            const { measurement, api } = await fetchTrial(
              { approach: 'bounded-pool', requests, concurrency, threads: 1, conditions, network },
              context,
            );
            const { spans, cpuMs, timesMs } = measurement;
            const tookMs = Array.from(spans.endsMs, (endMs, index) => endMs - spans.startsMs[index]!);
            const totalMs = timesMs.reduce((sum, ms) => sum + ms, 0);
            return {
              latencyMs: median(tookMs),
              overAsked: median(tookMs) / latencyMs,
              slowestTenthMs: tookMs[Math.floor(tookMs.length * 0.9)]!,
              clientCpuMsPerRequest: cpuMs / requests,
              clientBusy: (cpuMs * timesMs.length) / totalMs,
              ...(api && { serverCpuMsPerRequest: api.cpuMs / (requests * timesMs.length) }),
            };
          },
        };
      }),
    ),
  };
}

const MEASURE = new URL('./throughput.ts', import.meta.url).href;
const THROUGHPUT = 'Without latency';
const THROUGHPUT_CONCURRENCY = 100;
const BARE: ServerName = 'bare node:http';
const OURS: ServerName = 'this API';

function throughputSection({ throughputRequests: requests }: Amounts): Section {
  return {
    title: THROUGHPUT,
    note: `Three servers that give the same orders as JSON, each in a process of its own, asked by the same client with ${THROUGHPUT_CONCURRENCY} requests in flight. The client needs CPU too, so on two cores the CPU of a request says more than requests a second.`,
    columns: {
      requestsPerSecond: { title: 'requests / s', show: (count) => Math.round(count).toLocaleString('en') },
      speedOfBare: { title: 'of bare', show: ratio, alone: true },
      cpuMsPerRequest: { title: 'server CPU / request', show: duration },
      cpuOfBare: { title: '× bare', show: ratio, alone: true },
    },
    ratios: [
      { figure: 'requestsPerSecond', baseline: BARE, as: 'speedOfBare' },
      { figure: 'cpuMsPerRequest', baseline: BARE, as: 'cpuOfBare' },
    ],
    cases: SERVER_NAMES.map((server): Case => ({
      name: server,
      estimateMs: 500 + 0.2 * requests,
      run({ signal }) {
        const input: ThroughputInput = { server, requests, concurrency: THROUGHPUT_CONCURRENCY };
        return inOwnProcess(MEASURE, 'throughput', input, signal);
      },
    })),
  };
}

/** What an answer of our API costs beside an answer of a bare server, if the run leaves no doubt. */
function throughputSentence(rows: Rows): string[] {
  const costs = rows.spread(THROUGHPUT, OURS, 'cpuOfBare');
  if (!costs || !rows.smaller(THROUGHPUT, 'cpuMsPerRequest', BARE, OURS)) return [];
  return [`Without latency a request costs this API ${ratio(costs.median)} the CPU time of a bare server.`];
}

/** If the mock makes the latency longer than this many times, a benchmark measures the mock. */
const TOO_MUCH = 1.25;

function closing(rows: Rows): string[] {
  return [...networkSentences(rows), ...throughputSentence(rows)];
}

function networkSentences(rows: Rows): string[] {
  return NETWORKS.flatMap((network) =>
    LATENCIES_MS.flatMap((latencyMs) => {
      const honest = CONCURRENCIES.filter((concurrency) => {
        const over = rows.spread(titleOf(latencyMs), nameOf(network, concurrency), 'overAsked');
        return over && inAllTrials(over, (times) => times < TOO_MUCH);
      });
      const upTo = CONCURRENCIES.findLast((_, index) =>
        CONCURRENCIES.slice(0, index + 1).every((count) => honest.includes(count)),
      );
      return upTo === undefined
        ? []
        : [
            `${network}, ${latencyMs} ms: up to ${upTo} in flight the mock adds less than a quarter to the latency.`,
          ];
    }),
  );
}

export const mock: Suite = {
  name: 'mock',
  summary: 'How much of all these figures is the mocked API itself?',
  plan,
};
