// Our `paced` and packages that keep to a rate, on the same work: a service that lets in so many in a second. The service
// counts, and not the client. Each package is called as its documentation says. If that starts the requests of a whole second at
// once, it is also run with short intervals at the same rate.
import { Counters } from '../../src/api/counters.ts';
import { Kitchen } from '../../src/api/kitchen.ts';
import type { Rate } from '../../src/api/limits.ts';
import type { Findings } from '../findings.ts';

export interface RateInput {
  readonly peer: RatePeerName;
  readonly tasks: number;
  readonly rate: Rate;
  readonly latencyMs: number;
}

type Task = (input: number) => Promise<void>;
type Run = (inputs: readonly number[], task: Task, perSecond: number) => Promise<unknown>;

interface RatePeer {
  /** The package it comes from; none for what is ours. */
  readonly package?: string;
  load(): Promise<Run>;
}

/** What is used here of packages whose own types are large, or that are absent without development packages. */
interface Throttle {
  readonly default: (options: { readonly limit: number; readonly interval: number }) => (task: Task) => Task;
}
interface BottleneckModule {
  default: new (options: Readonly<Record<string, number>>) => {
    schedule(act: () => Promise<void>): Promise<void>;
  };
}

const SECOND_MS = 1000;

const queueOf =
  (options: (perSecond: number) => { readonly intervalCap: number; readonly interval: number }) =>
  async (): Promise<Run> => {
    const { default: PQueue } = await import('p-queue');
    return (inputs, task, perSecond) =>
      new PQueue(options(perSecond)).addAll(inputs.map((input) => () => task(input)));
  };

const throttleOf =
  (options: (perSecond: number) => { readonly limit: number; readonly interval: number }) =>
  async (): Promise<Run> => {
    const name: string = 'p-throttle';
    const { default: pThrottle } = (await import(name)) as Throttle;
    return (inputs, task, perSecond) => Promise.all(inputs.map(pThrottle(options(perSecond))(task)));
  };

const bottleneckOf =
  (options: (perSecond: number) => Readonly<Record<string, number>>) => async (): Promise<Run> => {
    const name: string = 'bottleneck';
    const { default: Bottleneck } = (await import(name)) as BottleneckModule;
    return (inputs, task, perSecond) => {
      const limiter = new Bottleneck(options(perSecond));
      return Promise.all(inputs.map((input) => limiter.schedule(() => task(input))));
    };
  };

const RATE_PEERS = {
  paced: {
    async load(): Promise<Run> {
      const { paced } = await import('../../src/approaches/paced.ts');
      return (inputs, task, perSecond) => paced(inputs, task, { perSecond });
    },
  },
  'p-queue, a second': {
    package: 'p-queue',
    load: queueOf((perSecond) => ({ intervalCap: perSecond, interval: SECOND_MS })),
  },
  'p-queue, one each': {
    package: 'p-queue',
    load: queueOf((perSecond) => ({ intervalCap: 1, interval: SECOND_MS / perSecond })),
  },
  'p-throttle, a second': {
    package: 'p-throttle',
    load: throttleOf((perSecond) => ({ limit: perSecond, interval: SECOND_MS })),
  },
  'p-throttle, one each': {
    package: 'p-throttle',
    load: throttleOf((perSecond) => ({ limit: 1, interval: SECOND_MS / perSecond })),
  },
  'bottleneck, a second': {
    package: 'bottleneck',
    load: bottleneckOf((perSecond) => ({
      reservoir: perSecond,
      reservoirRefreshAmount: perSecond,
      reservoirRefreshInterval: SECOND_MS,
    })),
  },
  'bottleneck, one each': {
    package: 'bottleneck',
    load: bottleneckOf((perSecond) => ({ minTime: SECOND_MS / perSecond })),
  },
  'bounded-pool, C = 8': {
    async load(): Promise<Run> {
      const { boundedPool } = await import('../../src/approaches/bounded-pool.ts');
      return (inputs, task) => boundedPool(inputs, task, { concurrency: 8 });
    },
  },
} satisfies Readonly<Record<string, RatePeer>>;

export type RatePeerName = keyof typeof RATE_PEERS;
export const RATE_PEER_NAMES = Object.keys(RATE_PEERS) as RatePeerName[];
export const ratePeerOf = (name: RatePeerName): RatePeer => RATE_PEERS[name];

/** The part of a second in which a burst is looked for. */
export const BURST_MS = 100;

/** What the service saw of one peer: how many it refused, and the most that came within a tenth of a second. */
export async function rates({ peer, tasks, rate, latencyMs }: RateInput): Promise<Findings> {
  const run = await ratePeerOf(peer).load();
  const counters = new Counters();
  const kitchen = new Kitchen({ conditions: { rate }, counters });
  const { signal } = new AbortController();
  const arrivedAt: number[] = [];
  const task = async () => {
    arrivedAt.push(performance.now());
    if ((await kitchen.cook(latencyMs, signal)) === 'cooked') counters.end('completed');
  };
  const inputs = Array.from({ length: tasks }, (_, index) => index);
  const startMs = performance.now();
  await run(inputs, task, rate.perSecond);
  const timeMs = performance.now() - startMs;
  const { refused, started } = counters.read();
  if (started !== tasks) throw new Error(`expected ${tasks} requests, got ${started}`);
  return { refused, most: mostWithin(arrivedAt, BURST_MS), timeMs };
}

/** The most of the times, which are in order, that lie within `widthMs` of each other. */
export function mostWithin(times: readonly number[], widthMs: number): number {
  let most = 0;
  let first = 0;
  for (const [index, time] of times.entries()) {
    while (time - times[first]! >= widthMs) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
