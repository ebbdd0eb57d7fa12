// From what a user asks for to what each trial is told: plain arithmetic, no process started.
import { ORIGIN } from '../api/origin.ts';
import { latencyOf, type Conditions } from '../api/conditions.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import { availableParallelism } from 'node:os';
import type {
  CpuJobName,
  IoJobName,
  IoJobSettings,
  JobSettings,
  Network,
  OwnJobSettings,
} from '../jobs/job.ts';
import type { Database } from '../queue/database.ts';
import { MOST_FAILED } from '../running/give-up.ts';
import type { RunSize } from '../running/work.ts';
import { idealOf } from './ideal.ts';
import type { Nature, Probe } from './nature.ts';
import { sharesOf } from '../running/shares.ts';
import type { TrialSettings } from './trial.ts';

/** What every comparison is told. */
interface AnySettings extends RunSize {
  readonly approaches: readonly ApproachName[];
  /** Trials of each approach; without it three (five where chance is drawn), or one where a single run takes over five minutes. */
  readonly repeats?: number | undefined;
  /** Where a queue keeps its jobs. Absent if no approach has a queue. */
  readonly queueAt?: QueueAt;
}

export interface QueueAt {
  /** It has the password. So it goes only to the processes that need it, and is neither printed nor saved. */
  readonly database: Database;
  /** The text for readers. It has no password. */
  readonly shown: string;
}

/** A comparison of a job that asks the API, and waits for it. */
export interface IoSettings extends AnySettings {
  readonly kind: 'io';
  readonly job: IoJobName;
  readonly conditions: Conditions;
  readonly network: Network;
  /** How long one request may take, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats of failed requests that one run may make, over all inputs together. */
  readonly retryBudget: number;
}

/** A comparison of a job that computes. */
export interface CpuSettings extends AnySettings {
  readonly kind: 'cpu';
  readonly job: CpuJobName;
  /** CPU time of one task, in milliseconds. */
  readonly costMs: number;
}

/** A comparison of the reader's own work. */
export interface OwnSettings extends AnySettings {
  readonly kind: 'own';
  /** What the reader knows it by: the name of its file. */
  readonly job: string;
  /** Its path, and that of a file with its inputs, as they were typed. */
  readonly file: string;
  readonly inputsFile?: string | undefined;
  /** The inputs that there are; undefined where that is not known. */
  readonly inputsInAll?: number | undefined;
  readonly work: OwnJobSettings;
  /** The most tasks that may be in flight at once. */
  readonly most: number;
  /** Repeats of failed tasks that one run may make, over all inputs together. */
  readonly retryBudget: number;
  readonly probe: Probe;
  /** What the probe says, or whoever asked for something else. */
  readonly nature: Nature;
  /** Why an approach is not run. */
  readonly leftOut: LeftOut;
}

export type LeftOut = Readonly<Partial<Record<ApproachName, string>>>;

export type ComparisonSettings = IoSettings | CpuSettings | OwnSettings;

/**
 * The shortest warm-up of each lane, in tasks and in milliseconds. Work that computes compiles its code when it is opened. So
 * only the way to it is left to warm up.
 */
const WARM_TASKS = { io: 5, cpu: 2 } as const;
const WARM_MS = { io: 200, cpu: 10 } as const;
/** The longest warm-up of an approach that keeps to a pace: ten tasks in each lane could take as long as the run. */
const PACED_WARM_MS = 300;
/** A request takes about so long even if the kitchen takes no time, in milliseconds. For estimates only. */
const ROUND_TRIP_MS = 0.5;
/** Short runs are repeated within a trial for so long, in milliseconds. */
const SAMPLE_MS = 150;
/** A process starts, imports and ends in about so long, in milliseconds. For estimates only. */
const PROCESS_MS = 400;
const REPEATS = 3;
/** Where chance decides something, trials differ by more than noise, so there are more of them. */
const REPEATS_WHEN_DRAWN = 5;
/**
 * A run longer than this, in milliseconds, is made once, because nobody waits for it three times. An approach with a single
 * trial is not ranked. The time is so long that nearly all runs that people make are shorter: a thousand orders of 120 ms,
 * one by one, take two minutes.
 */
const LONG_RUN_MS = 5 * 60_000;

/**
 * The shortest time in which the approach can be done, in milliseconds: N·L/C in whole rounds, with its own C, or what the
 * limits of the API allow if that is longer. For CPU work C is 1: concurrency computes nothing. With jitter it is a bound
 * made of the latencies that the seed gives.
 */
export function limitOf(approach: ApproachName, settings: ComparisonSettings): number {
  const { requests } = settings;
  if (settings.kind === 'cpu') return requests * settings.costMs;
  if (settings.kind === 'own') return ownLimitOf(approach, settings);
  const { conditions } = settings;
  const lanes = APPROACHES[approach].concurrency(settings);
  const pace = approach === 'paced' ? settings.pace : undefined;
  const { ms } = idealOf({ ...conditions, requests, lanes, pace });
  if (conditions.jitterMs === 0) return ms;
  const { sumMs, longestMs } = latenciesOf(settings);
  return Math.max(ms, sumMs / Math.min(lanes, conditions.stoves?.count ?? Infinity), longestMs);
}

/**
 * Own work has three bounds, and the largest counts: what all lanes together wait (N·L/C); what holds the one thread that the
 * lanes share; and what all cores together compute. So a task that mostly waits ends at N·L/C, one that computes gains
 * nothing from lanes, and one that does both has its part that is not parallel, as Amdahl's law says.
 */
function ownLimitOf(approach: ApproachName, settings: OwnSettings): number {
  const { requests, probe, nature } = settings;
  const lanes = APPROACHES[approach].concurrency(settings);
  const { wallMs, heldMs, threadCpuMs, otherCpuMs } = probe;
  const waitedMs = wallMs / lanes;
  if (nature === 'waits') return requests * waitedMs;
  const computedMs = (threadCpuMs + otherCpuMs) / availableParallelism();
  const inOneThreadMs = heldMs / (APPROACHES[approach].spreadsOver?.(settings) ?? 1);
  return requests * Math.max(waitedMs, computedMs, inOneThreadMs);
}

interface Latencies {
  readonly sumMs: number;
  readonly longestMs: number;
}

/** There may be a million latencies, and a plan asks for their sum again and again. */
const knownLatencies = new WeakMap<IoSettings, Latencies>();

/** The latencies that the seed gives to all requests of a run, together. */
function latenciesOf(settings: IoSettings): Latencies {
  const known = knownLatencies.get(settings);
  if (known) return known;
  let sumMs = 0;
  let longestMs = 0;
  for (let id = 1; id <= settings.requests; id++) {
    const latencyMs = latencyOf(id, settings.conditions);
    sumMs += latencyMs;
    longestMs = Math.max(longestMs, latencyMs);
  }
  const latencies = { sumMs, longestMs };
  knownLatencies.set(settings, latencies);
  return latencies;
}

/** The settings with which `approach` opens a job that asks the API at `api`. */
export function ioJob(
  approach: ApproachName,
  settings: IoSettings,
  api: { readonly origin?: string | undefined; readonly folder?: string | undefined } = {},
): IoJobSettings {
  const { conditions, network, timeoutMs } = settings;
  const asking = {
    kind: 'io',
    network,
    origin: api.origin ?? ORIGIN,
    connections: APPROACHES[approach].connections(settings),
    conditions,
    timeoutMs,
    ...(APPROACHES[approach].triesRefusedAgain && { refusedIsFinal: true }),
  } as const;
  if (settings.job === 'fetch-order') return { job: settings.job, ...asking };
  if (api.folder === undefined)
    throw new TypeError(`${settings.job}: expected a folder to save to, got none`);
  return { job: settings.job, ...asking, folder: api.folder };
}

/** The size of every run of a comparison. */
export const sizeOf = ({ requests, concurrency, threads, workers, pace, most }: RunSize): RunSize => ({
  requests,
  concurrency,
  threads,
  ...(workers !== undefined && { workers }),
  ...(pace !== undefined && { pace }),
  ...(most !== undefined && { most }),
});

/** What a trial of `approach` is told, if it opens its job with `work`. */
export function trialSettings(
  approach: ApproachName,
  settings: ComparisonSettings,
  work: JobSettings,
): TrialSettings {
  return {
    approach,
    size: sizeOf(settings),
    work,
    ...(settings.queueAt && { database: settings.queueAt.database }),
    warmup: warmupOf(approach, settings),
    retryBudget: settings.kind === 'cpu' ? 0 : settings.retryBudget,
    samples: { atLeast: 1, forMs: makesOneRun(settings) ? 0 : SAMPLE_MS },
  };
}

/**
 * Whether a trial makes one run only. Faults differ from one run to the next. One run uses up a part of the API's rate, and only
 * the first run after a reset finds the same for every approach. And for own work the number of calls was announced.
 */
const makesOneRun = (settings: ComparisonSettings): boolean =>
  settings.kind === 'own' || drawsChance(settings) || hasLimits(settings);

/** Inputs that are run before the clock starts. */
export function warmupOf(approach: ApproachName, settings: ComparisonSettings): number {
  if (settings.kind === 'own') return ownWarmup(settings);
  const lanes =
    settings.kind === 'cpu' ? threadsOf(approach, settings) : APPROACHES[approach].concurrency(settings);
  const perLane = Math.max(WARM_TASKS[settings.kind], Math.ceil(WARM_MS[settings.kind] / taskMs(settings)));
  const paced =
    approach === 'paced' ? Math.ceil(((settings.pace ?? Infinity) * PACED_WARM_MS) / 1000) : Infinity;
  return Math.min(settings.requests, lanes * perLane, paced);
}

/** The number of threads that compute. More tasks in flight wait for a free thread. */
const threadsOf = (approach: ApproachName, size: RunSize): number =>
  APPROACHES[approach].spreadsOver?.(size) ?? 1;

/** Calls that compile the code of a task. */
const OWN_WARM_TASKS = 10;

/** The same for all approaches: whoever calls a task more often runs it in better code. */
export const ownWarmup = ({ requests, concurrency, threads }: RunSize): number =>
  Math.min(requests, Math.max(OWN_WARM_TASKS, concurrency, threads));

/** What one task takes, waiting or computing, in milliseconds; with jitter on average. */
function taskMs(settings: IoSettings | CpuSettings): number {
  if (settings.kind === 'cpu') return settings.costMs;
  const { latencyMs, jitterMs } = settings.conditions;
  return Math.max(latencyMs + jitterMs / 2, ROUND_TRIP_MS);
}

/** About how long a trial takes, warm-up and process included, in milliseconds. */
export function estimateMs(approach: ApproachName, settings: ComparisonSettings): number {
  const startMs = PROCESS_MS + (APPROACHES[approach].startMs?.(settings) ?? 0);
  if (settings.requests === 0) return startMs;
  const runMs = limitOf(approach, settings);
  const warmupMs = (runMs * warmupOf(approach, settings)) / settings.requests;
  return startMs + warmupMs + Math.max(runMs, SAMPLE_MS);
}

/** About how long a turn takes whose processes start and warm up together and then run one after another, in milliseconds. */
function preparedMs(approaches: readonly ApproachName[], settings: ComparisonSettings): number {
  const runsMs = approaches.map((approach) => Math.max(limitOf(approach, settings), SAMPLE_MS));
  return 2 * PROCESS_MS + runsMs.reduce((sum, ms) => sum + ms, 0);
}

/**
 * A trial that is ready may wait so long for its turn, in milliseconds. After a longer wait a client closes its idle
 * connections (undici after 4 s), and the warm-up was in vain.
 */
const LONGEST_WAIT_MS = 3000;
/** More processes than this at once could take the memory of a small machine. */
const MOST_PREPARED = 8;

/**
 * Whether the processes of a turn may get ready at once. This saves most of the time that they take to start. If the API has
 * limits or faults, they must not: the warm-up of one trial would change the API for another one. Nor if there is a queue: its
 * workers ask their database all the time, and would slow down a trial that is measured beside them.
 */
export const canPrepareTogether = (
  approaches: readonly ApproachName[],
  settings: ComparisonSettings,
): boolean =>
  !makesOneRun(settings) &&
  approaches.length <= MOST_PREPARED &&
  !approaches.some((approach) => APPROACHES[approach].needsDatabase) &&
  preparedMs(approaches, settings) <= LONGEST_WAIT_MS;

/** Trials of this approach. */
export function repeatsOf(approach: ApproachName, settings: ComparisonSettings): number {
  if (settings.repeats !== undefined) return settings.repeats;
  if (limitOf(approach, settings) > LONG_RUN_MS) return 1;
  return drawsChance(settings) ? REPEATS_WHEN_DRAWN : REPEATS;
}

/** Whether the seed decides how long a run takes: by its latencies, its faults, or the waits before a retry. */
export const drawsChance = (settings: ComparisonSettings): boolean =>
  settings.kind === 'io' &&
  (settings.conditions.jitterMs > 0 ||
    settings.conditions.faults !== undefined ||
    (hasLimits(settings) && settings.retryBudget > 0));

/** Whether the API takes only so many requests at once, or in a second. */
export const hasLimits = (settings: ComparisonSettings): boolean =>
  settings.kind === 'io' &&
  (settings.conditions.stoves !== undefined || settings.conditions.rate !== undefined);

/** How many seeds the command line takes. After the last one comes the first. */
const SEEDS = 2 ** 31;

/**
 * The settings of one turn over all approaches, from 0. Where chance is drawn, each turn draws with the next seed: one
 * draw would decide who wins, and the steady times of its repeats would hide it.
 */
export function ofTurn<Settings extends ComparisonSettings>(settings: Settings, turn: number): Settings {
  if (settings.kind !== 'io' || turn === 0 || !drawsChance(settings)) return settings;
  const { conditions } = settings;
  return { ...settings, conditions: { ...conditions, seed: (conditions.seed + turn) % SEEDS } };
}

/** The seeds of all turns: one where nothing is drawn. */
export function seedsOf(settings: IoSettings): number[] {
  const turns = drawsChance(settings) ? turnsOf(settings) : 1;
  return Array.from({ length: turns }, (_, turn) => ofTurn(settings, turn).conditions.seed);
}

/** Turns over the approaches: as many as the approach with most trials needs. */
export const turnsOf = (settings: ComparisonSettings): number =>
  settings.approaches.reduce((most, approach) => Math.max(most, repeatsOf(approach, settings)), 0);

/** Far longer than a trial takes on the slowest of machines, in milliseconds. A trial that takes longer hangs. */
export function deadlineMs(approach: ApproachName, settings: ComparisonSettings): number {
  const slowMs = 20_000 + 20 * estimateMs(approach, settings);
  if (settings.kind === 'own') return slowMs + ownTimeoutsMs(approach, settings);
  if (settings.kind === 'cpu' || !(settings.conditions.faults || hasLimits(settings))) return slowMs;
  // Every request may run into its timeout, in the warm-up too, and so may every retry.
  const lanes = APPROACHES[approach].concurrency(settings);
  const requests = settings.requests + warmupOf(approach, settings) + 2 * settings.retryBudget;
  return slowMs + Math.ceil(requests / lanes) * (settings.timeoutMs + LONGEST_RETRY_WAIT_MS);
}

/** As long as tasks can run into their time limit before enough of them have failed and the approach is stopped. */
function ownTimeoutsMs(approach: ApproachName, settings: OwnSettings): number {
  const { requests, work, retryBudget } = settings;
  const lanes = Math.max(1, APPROACHES[approach].concurrency(settings));
  const calls = requests * MOST_FAILED + lanes + 2 * retryBudget;
  const waitMs = retryBudget > 0 ? LONGEST_RETRY_WAIT_MS : 0;
  return Math.ceil(calls / lanes) * (work.timeoutMs + waitMs);
}

/** An approach waits at most so long before a retry, whatever a server asks for. */
const LONGEST_RETRY_WAIT_MS = 30_000;

/**
 * How many separate processes make the limit of `approach`. Undefined if the work does not compute, or if the approach does not
 * spread it. There are never more processes than cores or tasks: they would only take turns, or have nothing to do.
 */
export function processesBeside(
  approach: ApproachName,
  settings: CpuSettings | OwnSettings,
): number | undefined {
  if (settings.kind === 'own' && settings.nature !== 'computes') return undefined;
  const spread = APPROACHES[approach].spreadsOver?.(settings);
  if (spread === undefined) return undefined;
  const most = settings.kind === 'own' ? settings.most : Infinity;
  return Math.min(spread, availableParallelism(), most, settings.requests);
}

/** The limit of `approaches`: the same tasks, split over so many separate processes. */
export interface Split {
  readonly processes: number;
  readonly approaches: readonly ApproachName[];
}

/** The limits that the approaches of a comparison have, one for each number of processes. */
export function splitsOf(settings: CpuSettings | OwnSettings): Split[] {
  const byProcesses = Map.groupBy(settings.approaches, (approach) => processesBeside(approach, settings));
  return [...byProcesses].flatMap(([processes, approaches]) =>
    processes === undefined ? [] : [{ processes, approaches }],
  );
}

/** The trials of a split: as many as the approach with most trials needs. */
export const repeatsOfSplit = ({ approaches }: Split, settings: ComparisonSettings): number =>
  Math.max(...approaches.map((approach) => repeatsOf(approach, settings)));

/** Calls of the task that a comparison of own work makes, retries not counted. */
export function callsOf(settings: OwnSettings): number {
  const perTrial = settings.requests + ownWarmup(settings);
  const run = settings.approaches.filter((approach) => settings.leftOut[approach] === undefined);
  const trials = run.reduce((sum, approach) => sum + repeatsOf(approach, settings) * perTrial, 0);
  const callsOfSplit = (split: Split) =>
    sharesOf(settings.requests, split.processes).reduce(
      (sum, requests) => sum + requests + ownWarmup({ ...settings, requests }),
      0,
    ) * repeatsOfSplit(split, settings);
  return splitsOf({ ...settings, approaches: run }).reduce((sum, split) => sum + callsOfSplit(split), trials);
}
