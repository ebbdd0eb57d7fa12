// Runs one approach with one job in a process of its own, as one turn of a case. The turn counts only if every request
// was answered. So an approach that fails is a failed row, and never a fast one.
import { INSTANT, type Conditions } from '../src/api/conditions.ts';
import type { ApproachName } from '../src/running/registry.ts';
import { startApi, type ApiProcess, type ApiStats } from '../src/api/start.ts';
import type { Network } from '../src/jobs/job.ts';
import { ioJob, trialSettings, type IoSettings } from '../src/measure/plan.ts';
import { failuresIn } from '../src/running/span-table.ts';
import {
  startQuietTrial,
  startTrial,
  type Measurement,
  type PeakMemory,
  type QuietMeasurement,
  type ReadyTrial,
  type TrialSettings,
} from '../src/measure/trial.ts';
import type { Context } from './suite.ts';

/** Far longer than any request of a suite takes. A request that reaches it has failed and measures nothing. */
export const TIMEOUT_MS = 60_000;

/** What a reader must know of the figures for CPU per request. */
export const CPU_NOTE =
  'The mock is busy during the last one to two milliseconds of each latency, to be exact. That is CPU time of the mock, and of the client where the mock is intercepted. Rows of few requests also pay for code that is still being compiled. So compare the CPU of rows with C = 10 and more.';

/** For a suite with other languages. Their programs run once in each turn, however short the run is, and so does ours. */
export const ONE_SAMPLE: TrialSettings['samples'] = { atLeast: 1, forMs: 0 };

export interface FetchTrialSettings {
  readonly approach: ApproachName;
  readonly requests: number;
  readonly concurrency: number;
  readonly threads: number;
  readonly conditions: Conditions;
  readonly network: Network;
  /**
   * Requests before the clock starts, while the API answers at once. Then the trial takes one sample. Without it, as many as a
   * comparison sends, and they take their latency.
   */
  readonly warmup?: number;
}

export interface TrialOutcome<Measured = QuietMeasurement> {
  readonly measurement: Measured;
  /** What the server saw: sockets of the warm-up too, all else of the samples alone. On `intercepted` there is no server. */
  readonly api: ApiStats | undefined;
}

/**
 * fetch-order by one approach. Nobody watches the event loop, because that takes CPU time, which most suites measure.
 * @throws {Error} if a request failed or the API saw another number of them
 */
export const fetchTrial = (ask: FetchTrialSettings, context: Context): Promise<TrialOutcome> =>
  fetchIn(startQuietTrial, ask, context);

/** The same in a trial that watches its event loop. */
export const watchedFetchTrial = (
  ask: FetchTrialSettings,
  context: Context,
): Promise<TrialOutcome<Measurement>> => fetchIn(startTrial, ask, context);

export async function fetchIn<Measured extends QuietMeasurement>(
  start: (settings: TrialSettings, signal: AbortSignal) => Promise<ReadyTrial<Measured>>,
  ask: FetchTrialSettings,
  context: Context,
): Promise<TrialOutcome<Measured>> {
  const { signal } = context;
  const { conditions, network, requests, warmup } = ask;
  const api = network === 'loopback' ? await apiFor(ask, context) : undefined;
  const before = await api?.stats();
  const settings: IoSettings = {
    ...ask,
    kind: 'io',
    job: 'fetch-order',
    approaches: [ask.approach],
    timeoutMs: TIMEOUT_MS,
    retryBudget: 0,
  };
  const work = ioJob(ask.approach, settings, { origin: api?.origin });
  const planned = trialSettings(ask.approach, settings, work);
  const asked = warmup === undefined ? planned : { ...planned, warmup, samples: ONE_SAMPLE };
  await using trial = await start(asked, signal);
  if (warmup !== undefined) expectSeen(warmup, (await api?.stats())?.completed);
  // A case past its deadline must not change the API of the next one.
  signal.throwIfAborted();
  await api?.behave(conditions);
  const measurement = await trial.run();
  const after = await api?.stats();
  expectAllAnswered(measurement, requests, after?.completed ?? measurement.stats?.completed);
  return {
    measurement,
    api: before && after && { ...after, sockets: after.sockets - before.sockets },
  };
}

/** The API under `conditions`, one for all cases of a run. */
export const sharedApi = (conditions: Conditions, { shared }: Pick<Context, 'shared'>): Promise<ApiProcess> =>
  shared(`API ${JSON.stringify(conditions)}`, (signal) => startApi(conditions, { signal }));

async function apiFor({ conditions, warmup }: FetchTrialSettings, context: Context): Promise<ApiProcess> {
  if (warmup === undefined) return sharedApi(conditions, context);
  const api = await quickApi(context);
  await api.behave(INSTANT);
  return api;
}

/**
 * An API for all cases that send many requests before the clock starts. Each tells it when to answer at once and when to take
 * its time. Nobody else should use it, because a case that fails leaves it in any condition.
 */
export const quickApi = ({ shared }: Pick<Context, 'shared'>): Promise<ApiProcess> =>
  shared('API that is instant during a warm-up', (signal) => startApi(INSTANT, { signal }));

function expectAllAnswered(measurement: QuietMeasurement, requests: number, seen: number | undefined): void {
  expectAllOk(measurement);
  expectSeen(requests * measurement.timesMs.length, seen);
}

/** @throws {Error} if the API answered another number of requests than were sent */
export function expectSeen(expected: number, seen: number | undefined): void {
  if (seen !== expected) throw new Error(`expected ${expected} requests at the API, it saw ${seen}`);
}

/** @throws {Error} if a task of the trial failed */
export function expectAllOk({ spans }: QuietMeasurement): void {
  const failed = failuresIn(spans);
  if (failed > 0) throw new Error(`${failed} of ${spans.inputs.length} failed: ${spans.kinds[0]}`);
}

/** @throws {Error} where the system does not tell how much memory a process has */
export function memoryOf({ memory }: QuietMeasurement): PeakMemory {
  if (memory === null) throw new Error('this system does not tell how much memory a process has');
  return memory;
}
