// Runs a comparison: every approach in turn, again and again, each trial in a fresh process. The turns are
// interleaved and rotated, so that a slow minute of the machine hits all approaches and not one.
import { INSTANT, type Conditions } from '../api/conditions.ts';
import { startApi, type ApiProcess } from '../api/start.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import { GivenUpError } from '../running/give-up.ts';
import { ChildError } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import type { Told } from '../running/told.ts';
import { calibrate } from '../jobs/price-order.ts';
import type { Comparison, CpuComparison, IoComparison, OwnComparison } from './comparison.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { DeadlineError, inTime } from './deadline.ts';
import {
  deadlineMs,
  canPrepareTogether,
  estimateMs,
  ioJob,
  limitOf,
  ofTurn,
  repeatsOf,
  repeatsOfSplit,
  splitsOf,
  trialSettings,
  turnsOf,
  type ComparisonSettings,
  type CpuSettings,
  type IoSettings,
  type OwnSettings,
} from './plan.ts';
import type { TrialResult } from './row.ts';
import { sharesOf } from '../running/shares.ts';
import { splitOverProcesses } from './split.ts';
import { held, startLine, type HeldPlace, type Place } from './start-line.ts';
import { rotated, runSteps, type Progress, type Step } from './steps.ts';
import { median } from './statistics.ts';
import { cpuComparison, ioComparison, ownComparison, type Results, type SplitTimes } from './summary.ts';
import { trialEnvironment } from './compile-cache.ts';
import { startTrial, type TrialSettings } from './trial.ts';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Whether to measure the mock's own price too, which takes a second or two. Without it: yes. */
  readonly priceMock?: boolean;
  readonly audience?: Audience;
  /** Whether the trials of a turn run at one time, and take the machine from each other. Without it: in turns. */
  readonly together?: boolean;
}

/**
 * Whoever looks on while trials run, as the race does. A trial then makes a single run, so that what is seen is what is
 * measured.
 */
export interface Audience {
  /** The API that the trials of an approach ask, in place of one of the comparison's own. */
  api(approach: ApproachName, conditions: Conditions): Promise<ApiProcess>;
  /** Is called at each step of a trial, in order. */
  see(approach: ApproachName, step: TrialStep): void;
}

export type TrialStep =
  /** Its process starts, and warms up. */
  | { readonly what: 'warms up' }
  /** It is let go. All requests of the warm-up have been answered. */
  | { readonly what: 'runs' }
  | { readonly what: 'tells'; readonly told: Told }
  | { readonly what: 'ends'; readonly result: TrialResult };

/** Requests that measure the mock's own price. */
const MOCK_REQUESTS = 300;
/** For estimates only, in milliseconds. */
const REHEARSAL_MS = 600;
const MOCK_MS = 1500;
/** An API that is not listening after this time never will, in milliseconds. */
const START_DEADLINE_MS = 30_000;
/** A running API answers a question at once; one that is silent for so long is gone, in milliseconds. */
const ANSWER_DEADLINE_MS = 5000;

/**
 * Measures `settings.job` by every approach of `settings.approaches`. A trial that crashes is a failed row.
 * @throws the signal's reason; what starting the API throws
 */
export function compare(settings: IoSettings, options?: CompareOptions): Promise<IoComparison>;
export function compare(settings: CpuSettings, options?: CompareOptions): Promise<CpuComparison>;
export function compare(settings: OwnSettings, options?: CompareOptions): Promise<OwnComparison>;
export function compare(settings: ComparisonSettings, options?: CompareOptions): Promise<Comparison>;
export async function compare(
  settings: ComparisonSettings,
  options: CompareOptions = {},
): Promise<Comparison> {
  if (settings.kind === 'io') return compareIo(settings, options);
  return settings.kind === 'cpu' ? compareCpu(settings, options) : compareOwn(settings, options);
}

async function compareIo(settings: IoSettings, options: CompareOptions): Promise<IoComparison> {
  const { signal, priceMock = true } = options;
  await using stage = await ioStage(settings, options);
  const results = noResults(settings);
  let mockCostMs: number | null = null;
  const rehearsing = rehearsal(settings, stage);
  const priced: Step = {
    doing: 'rehearsal, and the price of the mock',
    estimateMs: MOCK_MS,
    async run() {
      // The processes that tell the price start during the rehearsal. They measure when it is over.
      const place = held(startLine(1)(), signal);
      const rehearsed = rehearsing.run().finally(() => place.letGo());
      [mockCostMs] = await Promise.all([priceOfMock(settings, stage, place), rehearsed]);
    },
  };
  const steps = [
    priceMock ? priced : rehearsing,
    ...turnsIn(settings).flatMap((turn) => trialSteps(turn, stage, results)),
  ];
  await runSteps(steps, settings.job, options);
  return ioComparison(settings, results, mockCostMs);
}

async function compareCpu(settings: CpuSettings, options: CompareOptions): Promise<CpuComparison> {
  const stage = cpuStage(settings, options);
  const { results, splitMs } = await runBesideProcesses(settings, stage, options);
  return cpuComparison(settings, results, splitMs);
}

async function compareOwn(settings: OwnSettings, options: CompareOptions): Promise<OwnComparison> {
  const { approaches, leftOut } = settings;
  const applying = approaches.filter((approach) => leftOut[approach] === undefined);
  const stage = ownStage(settings, options);
  const running = { ...settings, approaches: applying };
  const { results, splitMs } = await runBesideProcesses(running, stage, options);
  return ownComparison(settings, results, splitMs);
}

/** Runs all trials. For an approach that spreads computing work, the same tasks also run in separate processes, as its limit. */
async function runBesideProcesses<Settings extends CpuSettings | OwnSettings>(
  settings: Settings,
  stage: Stage<Settings>,
  options: CompareOptions,
): Promise<{ readonly results: Results; readonly splitMs: SplitTimes }> {
  const results = noResults(settings);
  const splits = splitsOf(settings);
  const splitMs = new Map(splits.map(({ processes }) => [processes, [] as number[]]));
  const splitSteps = ({ repeat, name }: Turn<Settings>): Step[] =>
    splits
      .filter((split) => repeat < repeatsOfSplit(split, settings))
      .map(({ processes, approaches }) => ({
        doing: `the limit by ${processes} separate ${processes === 1 ? 'process' : 'processes'}, ${name}`,
        estimateMs: estimateMs(approaches[0]!, settings),
        async run() {
          const shares = sharesOf(settings.requests, processes);
          splitMs.get(processes)!.push(...(await limitByProcesses(shares, settings, stage)));
        },
      }));
  const steps = [
    rehearsal(settings, stage),
    ...turnsIn(settings).flatMap((turn) => [...trialSteps(turn, stage, results), ...splitSteps(turn)]),
  ];
  await runSteps(steps, settings.job, options);
  return { results, splitMs };
}

type MutableResults = Map<ApproachName, TrialResult[]>;

const noResults = ({ approaches }: ComparisonSettings): MutableResults =>
  new Map(approaches.map((name) => [name, []]));

/** One round over all approaches. */
interface Turn<Settings extends ComparisonSettings> {
  /** From 0. */
  readonly repeat: number;
  /** `1 of 3` */
  readonly name: string;
  /** With the seed of this turn. */
  readonly settings: Settings;
}

function turnsIn<Settings extends ComparisonSettings>(settings: Settings): Array<Turn<Settings>> {
  const turns = turnsOf(settings);
  return Array.from({ length: turns }, (_, repeat) => ({
    repeat,
    name: `${repeat + 1} of ${turns}`,
    settings: ofTurn(settings, repeat),
  }));
}

/** A trial of each approach that needs more trials. Each turn begins with another approach. */
function trialSteps<Settings extends ComparisonSettings>(
  { repeat, name, settings }: Turn<Settings>,
  stage: Stage<Settings>,
  results: MutableResults,
): Step[] {
  const approaches = rotated(settings.approaches, repeat).filter(
    (approach) => repeat < repeatsOf(approach, settings),
  );
  // One failed trial makes the whole row a failed one. Further trials would change nothing, and each could take a deadline.
  const hasFailed = (approach: ApproachName) => results.get(approach)!.some((trial) => 'error' in trial);
  if (stage.together) {
    const together: Step = {
      doing: `all together, ${name}`,
      estimateMs: Math.max(...approaches.map((approach) => estimateMs(approach, settings))),
      async run() {
        const starting = approaches.filter((approach) => !hasFailed(approach));
        const place = startLine(starting.length);
        const trials = starting.map((approach) => watchedTrial(approach, settings, stage, place()));
        // After an abort each process takes a moment to end. The step is over when all of them have ended.
        await Promise.allSettled(trials);
        for (const [index, result] of (await Promise.all(trials)).entries()) {
          results.get(starting[index]!)!.push(result);
        }
      },
    };
    return approaches.length === 0 ? [] : [together];
  }
  const isPrepared = !stage.audience && canPrepareTogether(approaches, settings);
  let prepared: ReadonlyMap<ApproachName, PreparedTrial> | undefined;
  return approaches.map((approach) => ({
    doing: `${approach}, ${name}`,
    estimateMs: estimateMs(approach, settings),
    async run() {
      if (hasFailed(approach)) return;
      // The first step of the turn prepares the trials of all.
      if (isPrepared)
        prepared ??= preparedTrials(
          approaches.filter((other) => !hasFailed(other)),
          settings,
          stage,
        );
      const trial = prepared ? inTurn(approach, prepared) : watchedTrial(approach, settings, stage);
      results.get(approach)!.push(await trial);
    },
  }));
}

interface PreparedTrial {
  readonly place: HeldPlace;
  readonly result: Promise<TrialResult>;
}

/** Starts all processes at once. When all of them have warmed up, each one runs when it is let go. */
function preparedTrials<Settings extends ComparisonSettings>(
  approaches: readonly ApproachName[],
  settings: Settings,
  stage: Stage<Settings>,
): ReadonlyMap<ApproachName, PreparedTrial> {
  const line = startLine(approaches.length);
  return new Map(
    approaches.map((approach) => {
      const place = held(line(), stage.signal);
      const result = watchedTrial(approach, settings, stage, place);
      // After an abort the later ones fail as well. The first failure is the one that counts.
      result.catch(() => {});
      return [approach, { place, result }];
    }),
  );
}

/**
 * Lets the trial of `approach` go, and waits for its result. If it throws, for instance because of an abort, no later step
 * runs. Then this step is over when the processes of the others have ended too.
 */
async function inTurn(
  approach: ApproachName,
  prepared: ReadonlyMap<ApproachName, PreparedTrial>,
): Promise<TrialResult> {
  const { place, result } = prepared.get(approach)!;
  place.letGo();
  try {
    return await result;
  } catch (error) {
    for (const other of prepared.values()) other.place.letGo();
    await Promise.allSettled([...prepared.values()].map((other) => other.result));
    throw error;
  }
}

/** A trial that the audience sees, if there is one. */
async function watchedTrial<Settings extends ComparisonSettings>(
  approach: ApproachName,
  settings: Settings,
  stage: Stage<Settings>,
  place?: Place,
): Promise<TrialResult> {
  const see = stage.audience && ((step: TrialStep) => stage.audience!.see(approach, step));
  try {
    const result = await runTrial(approach, settings, stage, { see, place });
    see?.({ what: 'ends', result });
    return result;
  } finally {
    // A trial that failed before it was ready must not keep the others waiting.
    place?.leave();
  }
}

/** What the trials of a comparison stand on. */
export interface Stage<Settings extends ComparisonSettings> {
  /** What a trial of this approach opens its job with. Starts an API where the settings need another one. */
  readonly ready: (approach: ApproachName, settings: Settings) => Promise<ReadyJob>;
  readonly signal: AbortSignal | undefined;
  readonly audience: Audience | undefined;
  readonly together: boolean;
}

interface ReadyJob {
  readonly work: JobSettings;
  /** The server that the job asks, where there is one. */
  readonly api?: ApiProcess | undefined;
}

/** The API behind a port unless the trials intercept it, and a folder where a job saves to one. */
async function ioStage(
  { job }: IoSettings,
  { signal, audience, together = false }: CompareOptions,
): Promise<Stage<IoSettings> & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const folder = job === 'save-order' ? resources.use(await temporaryFolder()) : undefined;
  const servers = resources.use(oneServerAtATime(signal));
  const owned = resources.move();
  const apiFor = (approach: ApproachName, conditions: Conditions) =>
    audience ? audience.api(approach, conditions) : servers.under(conditions);
  return {
    async ready(approach, settings) {
      const isServed = settings.network === 'loopback';
      const api = isServed ? await apiFor(approach, settings.conditions) : undefined;
      return { work: ioJob(approach, settings, { origin: api?.origin, folder: folder?.path }), api };
    },
    signal,
    audience,
    together,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Starts an API under the conditions that are asked for. Where the seed changes, it ends that API and starts another. */
function oneServerAtATime(signal: AbortSignal | undefined) {
  let current: { readonly conditions: Conditions; readonly starting: Promise<ApiProcess> } | undefined;
  const close = async () => {
    const api = await current?.starting.catch(() => undefined);
    current = undefined;
    await api?.[Symbol.asyncDispose]();
  };
  return {
    async under(conditions: Conditions): Promise<ApiProcess> {
      // A crashed API failed its trial. The next trial gets a new one.
      const isGone = current && (await current.starting.catch(() => undefined))?.hasEnded();
      if (current && (current.conditions.seed !== conditions.seed || isGone)) await close();
      const start = () =>
        inTime({ ms: START_DEADLINE_MS, expectedMs: REHEARSAL_MS, signal }, (inTimeSignal) =>
          startApi(conditions, { signal: inTimeSignal, env: trialEnvironment() }),
        );
      current ??= { conditions, starting: start() };
      return current.starting;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Counts, once for all trials, how many rounds of work cost what was asked for on this machine. */
function cpuStage(
  { kind, job, costMs }: CpuSettings,
  { signal, audience, together = false }: CompareOptions,
): Stage<CpuSettings> {
  const work = { kind, job, costMs, rounds: calibrate(costMs) };
  return { ready: async () => ({ work }), signal, audience, together };
}

function ownStage(
  { work }: OwnSettings,
  { signal, audience, together = false }: CompareOptions,
): Stage<OwnSettings> {
  return { ready: async () => ({ work }), signal, audience, together };
}

/** What trials of any job stand on, for whoever makes them one by one. */
export async function stageFor(
  settings: ComparisonSettings,
  options: CompareOptions,
): Promise<Stage<ComparisonSettings> & AsyncDisposable> {
  const stage: Stage<never> & Partial<AsyncDisposable> =
    settings.kind === 'io'
      ? await ioStage(settings, options)
      : settings.kind === 'cpu'
        ? cpuStage(settings, options)
        : ownStage(settings, options);
  return {
    ...(stage as Stage<ComparisonSettings>),
    [Symbol.asyncDispose]: async () => stage[Symbol.asyncDispose]?.(),
  };
}

/** Who watches a trial, and with which others it starts. */
interface WatchedStart {
  readonly see?: ((step: TrialStep) => void) | undefined;
  readonly place?: Place | undefined;
}

/** The settings of a trial that somebody watches. */
function seenTrial(planned: TrialSettings): TrialSettings {
  const { work } = planned;
  return {
    ...planned,
    samples: { atLeast: 1, forMs: 0 },
    tells: true,
    // The API reports its own requests. Other tasks report themselves.
    work: work.kind === 'io' ? work : { ...work, tells: true },
  };
}

export async function runTrial<Settings extends ComparisonSettings>(
  approach: ApproachName,
  settings: Settings,
  stage: Stage<Settings>,
  { see, place }: WatchedStart = {},
): Promise<TrialResult> {
  const { ready, signal } = stage;
  const deadline = {
    ms: deadlineMs(approach, settings),
    expectedMs: estimateMs(approach, settings),
    signal,
  };
  try {
    see?.({ what: 'warms up' });
    const { work, api } = await ready(approach, settings);
    const measurement = await inTime(deadline, async (signalOfTrial) => {
      const planned = trialSettings(approach, settings, work);
      const onTold = see && ((told: Told) => see({ what: 'tells', told }));
      await using trial = await startTrial(see ? seenTrial(planned) : planned, signalOfTrial, onTold);
      await place?.reach();
      // An earlier trial may have crashed the API. Undefined makes us start this trial again, with a new API.
      if (place && api?.hasEnded()) return undefined;
      if (api) await answerOf(signal, () => api.reset());
      see?.({ what: 'runs' });
      return await trial.run();
    });
    if (measurement === undefined) return await runTrial(approach, settings, stage, see && { see });
    const stats = measurement.stats ?? (api && (await answerOf(signal, () => api.stats())));
    return { measurement, limitMs: limitOf(approach, settings), stats };
  } catch (error) {
    signal?.throwIfAborted();
    if (isOutcome(error)) return { error: error.message };
    throw error;
  }
}

/** Asks the API. If it does not answer, its figure stays unknown, and the measurement still counts. */
async function answerOf<Answer>(
  signal: AbortSignal | undefined,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await inTime({ ms: ANSWER_DEADLINE_MS, expectedMs: 0, signal }, ask);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ChildError || error instanceof DeadlineError) return undefined;
    throw error;
  }
}

/** Whether an error is what became of a trial, and no fault of the workbench. */
const isOutcome = (error: unknown): error is Error =>
  error instanceof ChildError || error instanceof DeadlineError || error instanceof GivenUpError;

/**
 * Fills the compile cache with the modules that other threads and processes load. Otherwise the first trial would compile them.
 * Every approach rehearses for itself, even if its threads load the same module as those of another one: the helper of
 * `blocking` imports it, Piscina requires it, and the cache keeps the two apart. Without a rehearsal of its own, an approach
 * would load the type stripper, which takes 12 MiB in each thread.
 */
function rehearsal<Settings extends ComparisonSettings>(settings: Settings, stage: Stage<Settings>): Step {
  const rehearsed = settings.approaches.filter((approach) => APPROACHES[approach].elsewhere?.(settings.kind));
  // A call of own work may cost somebody something. Its threads are started and ended without one.
  const small = { ...settings, requests: settings.kind === 'own' ? 0 : 1, threads: 1, workers: 1 };
  return {
    doing: 'rehearsal',
    estimateMs: REHEARSAL_MS,
    async run() {
      await Promise.all(rehearsed.map((approach) => runTrial(approach, small, stage)));
    },
  };
}

/**
 * What one request costs client and server if the kitchen takes no time, in milliseconds. Null if it failed. It asks the
 * server of the comparison, and so it also warms this server up for the trials of the first turn.
 */
async function priceOfMock(
  settings: IoSettings,
  stage: Stage<IoSettings>,
  place: Place,
): Promise<number | null> {
  const instant: IoSettings = {
    ...settings,
    job: 'fetch-order',
    requests: MOCK_REQUESTS,
    conditions: INSTANT,
    retryBudget: 0,
  };
  let api: ApiProcess | undefined;
  try {
    ({ api } = await stage.ready('sequential', settings));
  } catch (error) {
    stage.signal?.throwIfAborted();
    // The trials will report that no API could be started.
    if (isOutcome(error)) return null;
    throw error;
  }
  const behave = (conditions: Conditions) => answerOf(stage.signal, async () => api?.behave(conditions));
  await behave(INSTANT);
  const work = ioJob('sequential', instant, { origin: api?.origin });
  const result = await runTrial(
    'sequential',
    instant,
    { ...stage, ready: async () => ({ work, api }) },
    { place },
  );
  await behave(settings.conditions);
  return 'error' in result ? null : median(result.measurement.timesMs) / MOCK_REQUESTS;
}

/** Runs the tasks in one process for each of `shares`. Returns the time in milliseconds in a list, empty if that failed. */
async function limitByProcesses<Settings extends CpuSettings | OwnSettings>(
  shares: readonly number[],
  settings: Settings,
  { ready, signal }: Stage<Settings>,
): Promise<number[]> {
  const { work } = await ready('sequential', settings);
  const trials = shares.map((requests) => trialSettings('sequential', { ...settings, requests }, work));
  const deadline = {
    ms: deadlineMs('sequential', settings),
    expectedMs: estimateMs('sequential', settings),
    signal,
  };
  try {
    return [await inTime(deadline, (inTimeSignal) => splitOverProcesses(startTrial, trials, inTimeSignal))];
  } catch (error) {
    signal?.throwIfAborted();
    if (isOutcome(error)) return [];
    throw error;
  }
}
