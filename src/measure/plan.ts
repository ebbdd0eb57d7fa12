// From what a user asks for to what each trial is told: plain arithmetic, no process started.
import { ORIGIN } from '../api/origin.ts';
import { latencyOf, type Conditions } from '../api/conditions.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import type { Limits } from '../running/work.ts';
import type { JobName, Network } from '../jobs/job.ts';
import { JOBS } from '../jobs/open.ts';
import type { TrialSettings } from './trial.ts';

export interface ComparisonSettings {
  readonly job: JobName;
  readonly approaches: readonly ApproachName[];
  readonly requests: number;
  readonly concurrency: number;
  readonly threads: number;
  readonly conditions: Conditions;
  readonly network: Network;
  /** CPU time of one price-order, in milliseconds. */
  readonly costMs: number;
  /** How long one request may take, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats of failed requests that one run may make, over all inputs together. */
  readonly retryBudget: number;
  /** Trials of each approach; without it three, or one where a single run is long. */
  readonly repeats?: number | undefined;
}

/** What is known only once the comparison runs. */
export interface Ground {
  readonly origin: string;
  readonly folder: string;
  readonly rounds: number;
}

/** Warm-up of every lane: so many tasks at least, and so many milliseconds of them. */
const WARM_TASKS = { io: 10, cpu: 30 } as const;
const WARM_MS = 50;
/** A request takes about so long even if the kitchen takes no time, in milliseconds. For estimates only. */
const ROUND_TRIP_MS = 0.5;
/** Short runs are repeated within a trial for so long, in milliseconds. */
const SAMPLE_MS = 150;
/** A process starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 400;
/** The same for a thread. For estimates only. */
const THREAD_MS = 60;
const REPEATS = 3;
/** A run longer than this, in milliseconds, drowns the noise that repeating is for. */
const LONG_RUN_MS = 10_000;

export const isCpu = ({ job }: Pick<ComparisonSettings, 'job'>): boolean => JOBS[job].kind === 'cpu';

/** What one task takes, waiting or computing, in milliseconds; with jitter on average. */
function taskMs(settings: ComparisonSettings): number {
  const { latencyMs, jitterMs } = settings.conditions;
  return isCpu(settings) ? settings.costMs : latencyMs + jitterMs / 2;
}

/**
 * The shortest time in which the approach can be done, in milliseconds: N·L/C in whole rounds, with its own C. For CPU
 * work C is 1: concurrency computes nothing. With jitter it is a bound made of the latencies that the seed gives.
 */
export function limitOf(approach: ApproachName, settings: ComparisonSettings): number {
  const { requests, conditions, costMs } = settings;
  if (isCpu(settings)) return requests * costMs;
  const lanes = APPROACHES[approach].concurrency(settings);
  const roundsMs = Math.ceil(requests / lanes) * conditions.latencyMs;
  if (conditions.jitterMs === 0) return roundsMs;
  const { sumMs, longestMs } = drawnLatencies(settings);
  return Math.max(roundsMs, sumMs / lanes, longestMs);
}

interface Drawn {
  readonly sumMs: number;
  readonly longestMs: number;
}

/** A plan asks for the same latencies again and again, and there may be a million. */
const drawn = new WeakMap<ComparisonSettings, Drawn>();

function drawnLatencies(settings: ComparisonSettings): Drawn {
  const known = drawn.get(settings);
  if (known) return known;
  let [sumMs, longestMs] = [0, 0];
  for (let id = 1; id <= settings.requests; id++) {
    const latencyMs = latencyOf(id, settings.conditions);
    sumMs += latencyMs;
    longestMs = Math.max(longestMs, latencyMs);
  }
  drawn.set(settings, { sumMs, longestMs });
  return { sumMs, longestMs };
}

export function trialSettings(
  approach: ApproachName,
  settings: ComparisonSettings,
  { origin, folder, rounds }: Ground,
): TrialSettings {
  const limits: Limits = settings;
  const { requests, conditions, network, job } = settings;
  const lanes = APPROACHES[approach].concurrency(limits);
  const perLane = Math.max(
    WARM_TASKS[JOBS[job].kind],
    Math.ceil(WARM_MS / Math.max(taskMs(settings), isCpu(settings) ? 0 : ROUND_TRIP_MS)),
  );
  return {
    approach,
    limits: { requests, concurrency: settings.concurrency, threads: settings.threads },
    costMs: isCpu(settings) ? settings.costMs : 0,
    warmup: Math.min(requests, lanes * perLane),
    retryBudget: settings.retryBudget,
    // Faults differ from one run to the next; the first after the start of counting is the same for everyone.
    samples: { atLeast: 1, forMs: conditions.faults ? 0 : SAMPLE_MS },
    work: {
      job,
      network,
      origin: network === 'loopback' ? origin : ORIGIN,
      connections: APPROACHES[approach].connections(limits),
      conditions,
      timeoutMs: settings.timeoutMs,
      folder,
      rounds,
    },
  };
}

/** About how long a trial takes, warm-up and process included, in milliseconds. */
export function estimateMs(approach: ApproachName, settings: ComparisonSettings): number {
  const runMs = limitOf(approach, settings);
  const { warmup } = trialSettings(approach, settings, { origin: '', folder: '', rounds: 0 });
  const threads = approach === 'worker-threads' ? settings.threads : 0;
  return PROCESS_MS + threads * THREAD_MS + (runMs * warmup) / settings.requests + Math.max(runMs, SAMPLE_MS);
}

/** Trials of this approach. */
export function repeatsOf(approach: ApproachName, settings: ComparisonSettings): number {
  return settings.repeats ?? (limitOf(approach, settings) > LONG_RUN_MS ? 1 : REPEATS);
}
