// Runs a comparison: every approach in turn, again and again, each trial in a fresh process. The turns are
// interleaved and rotated, so that a slow minute of the machine hits all approaches and not one.
import { mkdtempDisposable } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTANT } from '../api/conditions.ts';
import { startApi, type ApiProcess } from '../api/start.ts';
import type { ApproachName } from '../running/registry.ts';
import { ChildError } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import { calibrate } from '../jobs/price-order.ts';
import type { Comparison, CpuComparison, IoComparison } from './comparison.ts';
import {
  estimateMs,
  ioJob,
  repeatsOf,
  trialSettings,
  type ComparisonSettings,
  type CpuSettings,
  type IoSettings,
} from './plan.ts';
import type { TrialResult } from './row.ts';
import { sharesOf, splitOverProcesses } from './split.ts';
import { rotated, runSteps, type Progress, type Step } from './steps.ts';
import { median } from './statistics.ts';
import { cpuComparison, ioComparison } from './summary.ts';
import { startTrial } from './trial.ts';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Whether to measure the mock's own price too, which takes a second or two. Without it: yes. */
  readonly priceMock?: boolean;
}

/** Requests that measure the mock's own price. */
const MOCK_REQUESTS = 300;
/** For estimates only, in milliseconds. */
const REHEARSAL_MS = 600;
const MOCK_MS = 1500;

/**
 * Measures `settings.job` by every approach of `settings.approaches`. A trial that crashes is a failed row.
 * @throws the signal's reason; what starting the API throws
 */
export function compare(settings: IoSettings, options?: CompareOptions): Promise<IoComparison>;
export function compare(settings: CpuSettings, options?: CompareOptions): Promise<CpuComparison>;
export function compare(settings: ComparisonSettings, options?: CompareOptions): Promise<Comparison>;
export async function compare(
  settings: ComparisonSettings,
  options: CompareOptions = {},
): Promise<Comparison> {
  return settings.kind === 'io' ? compareIo(settings, options) : compareCpu(settings, options);
}

async function compareIo(settings: IoSettings, options: CompareOptions): Promise<IoComparison> {
  const { signal, priceMock = true } = options;
  await using stage = await ioStage(settings, signal);
  const results = noResults(settings);
  let mockCostMs: number | null = null;
  const price: Step = {
    doing: 'the price of the mock',
    estimateMs: MOCK_MS,
    async run() {
      mockCostMs = await priceOfMock(settings, signal);
    },
  };
  const steps = [
    rehearsal(settings, stage),
    ...(priceMock ? [price] : []),
    ...turnsOf(settings, (turn) => trialSteps(turn, settings, stage, results)),
  ];
  await runSteps(steps, settings.job, options);
  return ioComparison(settings, results, mockCostMs);
}

async function compareCpu(settings: CpuSettings, options: CompareOptions): Promise<CpuComparison> {
  const stage = cpuStage(settings, options.signal);
  const results = noResults(settings);
  // More processes than cores would take turns, and one without a task says nothing.
  const shares = sharesOf(settings.requests, Math.min(settings.threads, availableParallelism()));
  const splitMs: number[] = [];
  const split = ({ repeat, name }: Turn): Step[] => {
    const threadsRun =
      settings.approaches.includes('worker-threads') && repeat < repeatsOf('worker-threads', settings);
    if (!threadsRun) return [];
    return [
      {
        doing: `the limit by separate processes, ${name}`,
        estimateMs: estimateMs('worker-threads', settings),
        async run() {
          splitMs.push(await limitByProcesses(shares, settings, stage));
        },
      },
    ];
  };
  const steps = [
    rehearsal(settings, stage),
    ...turnsOf(settings, (turn) => [...trialSteps(turn, settings, stage, results), ...split(turn)]),
  ];
  await runSteps(steps, settings.job, options);
  return cpuComparison(settings, results, { processes: shares.length, timesMs: splitMs });
}

type MutableResults = Map<ApproachName, TrialResult[]>;

const noResults = ({ approaches }: ComparisonSettings): MutableResults =>
  new Map(approaches.map((name) => [name, []]));

/** One round over all approaches. */
interface Turn {
  /** From 0. */
  readonly repeat: number;
  /** `1 of 3` */
  readonly name: string;
}

function turnsOf(settings: ComparisonSettings, stepsOf: (turn: Turn) => Step[]): Step[] {
  const turns = Math.max(...settings.approaches.map((approach) => repeatsOf(approach, settings)));
  return Array.from({ length: turns }, (_, repeat) =>
    stepsOf({ repeat, name: `${repeat + 1} of ${turns}` }),
  ).flat();
}

/** A trial of each approach, those that have had enough of them left out. Each turn begins with another one. */
function trialSteps(
  { repeat, name }: Turn,
  settings: ComparisonSettings,
  stage: Stage,
  results: MutableResults,
): Step[] {
  return rotated(settings.approaches, repeat)
    .filter((approach) => repeat < repeatsOf(approach, settings))
    .map((approach) => ({
      doing: `${approach}, ${name}`,
      estimateMs: estimateMs(approach, settings),
      async run() {
        results.get(approach)!.push(await runTrial(approach, settings, stage));
      },
    }));
}

/** What all trials of a comparison stand on. */
interface Stage {
  /** What a trial of this approach opens its job with. */
  readonly workFor: (approach: ApproachName) => JobSettings;
  /** The server, where there is one. */
  readonly api?: ApiProcess | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The API behind a port unless the trials intercept it, and a folder where a job saves to one. */
async function ioStage(
  settings: IoSettings,
  signal: AbortSignal | undefined,
): Promise<Stage & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const api =
    settings.network === 'loopback'
      ? resources.use(await startApi(settings.conditions, { signal }))
      : undefined;
  const folder =
    settings.job === 'save-order'
      ? resources.use(await mkdtempDisposable(join(tmpdir(), 'async-workbench-')))
      : undefined;
  const owned = resources.move();
  return {
    workFor: (approach) => ioJob(approach, settings, { origin: api?.origin, folder: folder?.path }),
    api,
    signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** As many rounds in each task as cost what was asked for on this machine, counted once for all trials. */
function cpuStage({ kind, job, costMs }: CpuSettings, signal: AbortSignal | undefined): Stage {
  const work = { kind, job, costMs, rounds: calibrate(costMs) };
  return { workFor: () => work, signal };
}

async function runTrial(
  approach: ApproachName,
  settings: ComparisonSettings,
  { workFor, api, signal }: Stage,
): Promise<TrialResult> {
  try {
    await using trial = await startTrial(trialSettings(approach, settings, workFor(approach)), signal);
    await api?.reset();
    const measurement = await trial.run();
    return { measurement, stats: measurement.stats ?? (await api?.stats()) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ChildError)) throw error;
    return { error: error.message };
  }
}

/** Fills the compile cache for the modules that threads load: the first thread to need one pays for all. */
function rehearsal(settings: ComparisonSettings, stage: Stage): Step {
  const threaded = settings.approaches.filter((name) => name === 'blocking' || name === 'worker-threads');
  const small = { ...settings, requests: 1, threads: 1 };
  return {
    doing: 'rehearsal',
    estimateMs: REHEARSAL_MS,
    async run() {
      await Promise.all(threaded.map((approach) => runTrial(approach, small, stage)));
    },
  };
}

/** What one request costs client and server when the kitchen takes no time, in milliseconds. */
async function priceOfMock(settings: IoSettings, signal: AbortSignal | undefined): Promise<number | null> {
  const instant: IoSettings = {
    ...settings,
    job: 'fetch-order',
    requests: MOCK_REQUESTS,
    conditions: INSTANT,
    retryBudget: 0,
  };
  await using stage = await ioStage(instant, signal);
  const result = await runTrial('sequential', instant, stage);
  return 'error' in result ? null : median(result.measurement.timesMs) / MOCK_REQUESTS;
}

/** As many tasks in a process for each of `shares`. In milliseconds. */
async function limitByProcesses(
  shares: readonly number[],
  settings: CpuSettings,
  { workFor, signal }: Stage,
): Promise<number> {
  const trials = shares.map((requests) =>
    trialSettings('sequential', { ...settings, requests }, workFor('sequential')),
  );
  return splitOverProcesses(trials, signal);
}
