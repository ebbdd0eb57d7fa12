// Runs one approach with one job in a process of its own, as one turn of a case. The turn counts only if every request
// was answered. So an approach that fails is a failed row, and never a fast one.
import type { Conditions } from '../src/api/conditions.ts';
import type { ApproachName } from '../src/running/registry.ts';
import { startApi, type ApiProcess, type ApiStats } from '../src/api/start.ts';
import type { Network } from '../src/jobs/job.ts';
import { ioJob, trialSettings, type IoSettings } from '../src/measure/plan.ts';
import { failuresIn } from '../src/running/span-table.ts';
import { startTrial, type Measurement, type PeakMemory } from '../src/measure/trial.ts';
import type { Context } from './suite.ts';

/** Far longer than any request of a suite takes. A request that reaches it has failed and measures nothing. */
export const TIMEOUT_MS = 60_000;

/** What a reader must know of the figures for CPU per request. */
export const CPU_NOTE =
  'The CPU figures include watching the event loop, which takes about 1 % of a core. The mock is busy during the last millisecond of each latency, to be exact. At C = 1 both together are more than the request itself, so compare the CPU of rows with C = 10 and more.';

export interface FetchTrialSettings {
  readonly approach: ApproachName;
  readonly requests: number;
  readonly concurrency: number;
  readonly threads: number;
  readonly conditions: Conditions;
  readonly network: Network;
}

export interface TrialOutcome {
  readonly measurement: Measurement;
  /** What the server saw: sockets of the warm-up too, all else of the samples alone. On `intercepted` there is no server. */
  readonly api: ApiStats | undefined;
}

/** fetch-order by one approach. @throws {Error} if a request failed or the API saw another number of them */
export async function fetchTrial(ask: FetchTrialSettings, context: Context): Promise<TrialOutcome> {
  const { signal } = context;
  const { conditions, network, requests } = ask;
  const api = network === 'loopback' ? await sharedApi(conditions, context) : undefined;
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
  await using trial = await startTrial(trialSettings(ask.approach, settings, work), signal);
  await api?.reset();
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

function expectAllAnswered(measurement: Measurement, requests: number, seen: number | undefined): void {
  expectAllOk(measurement);
  expectSeen(requests * measurement.timesMs.length, seen);
}

/** @throws {Error} if the API answered another number of requests than were sent */
export function expectSeen(expected: number, seen: number | undefined): void {
  if (seen !== expected) throw new Error(`expected ${expected} requests at the API, it saw ${seen}`);
}

/** @throws {Error} if a task of the trial failed */
export function expectAllOk({ spans }: Measurement): void {
  const failed = failuresIn(spans);
  if (failed > 0) throw new Error(`${failed} of ${spans.inputs.length} failed: ${spans.kinds[0]}`);
}

/** @throws {Error} where the system does not tell how much memory a process has */
export function memoryOf({ memory }: Measurement): PeakMemory {
  if (memory === null) throw new Error('this system does not tell how much memory a process has');
  return memory;
}
