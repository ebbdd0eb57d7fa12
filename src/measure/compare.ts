// Runs a comparison: every approach in turn, again and again, each trial in a fresh process. The turns are
// interleaved and rotated, so that a slow minute of the machine hits all approaches and not one.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTANT } from '../api/conditions.ts';
import type { Stats } from '../api/counters.ts';
import { startApi, type RunningApi } from '../api/start.ts';
import type { ApproachName } from '../running/registry.ts';
import { ChildError } from '../child.ts';
import { calibrate } from '../jobs/price-order.ts';
import { comparisonOf, type Comparison, type TrialResult } from './comparison.ts';
import { estimateMs, isCpu, repeatsOf, trialSettings, type ComparisonSettings, type Ground } from './plan.ts';
import { sharesOf, splitOverProcesses } from './split.ts';
import { rotated, runSteps, type Progress, type Step } from './steps.ts';
import { median } from './statistics.ts';
import { startTrial } from './trial.ts';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Whether to measure the mock's own price too, which takes a second or two. Without it: yes. */
  readonly priceMock?: boolean;
}

/** Requests that measure the mock's own price. */
const MOCK_REQUESTS = 300;
const REHEARSAL_MS = 600;
const MOCK_MS = 1500;

/**
 * Measures `settings.job` by every approach of `settings.approaches`. A trial that crashes is a failed row.
 * @throws the signal's reason; what starting the API throws
 */
export async function compare(
  settings: ComparisonSettings,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { signal, onProgress, priceMock = true } = options;
  await using stage = await setUp(settings, signal);
  const results = new Map<ApproachName, TrialResult[]>(settings.approaches.map((name) => [name, []]));
  const parallelMs: number[] = [];
  const { requests, threads } = settings;
  // More processes than cores would take turns, and one without a task says nothing.
  const shares = sharesOf(requests, Math.min(threads, availableParallelism()));
  let mockCostMs: number | null = null;

  const steps: Step[] = [
    { doing: 'rehearsal', estimateMs: REHEARSAL_MS, run: () => rehearse(settings, stage) },
  ];
  if (!isCpu(settings) && priceMock) {
    const run = async () => void (mockCostMs = await priceOfMock(settings, signal));
    steps.push({ doing: 'the price of the mock', estimateMs: MOCK_MS, run });
  }
  const repeats = Math.max(...settings.approaches.map((approach) => repeatsOf(approach, settings)));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const turn = `${repeat + 1} of ${repeats}`;
    for (const approach of rotated(settings.approaches, repeat)) {
      if (repeat >= repeatsOf(approach, settings)) continue;
      const run = async () => void results.get(approach)!.push(await runTrial(approach, settings, stage));
      steps.push({ doing: `${approach}, ${turn}`, estimateMs: estimateMs(approach, settings), run });
    }
    if (
      isCpu(settings) &&
      settings.approaches.includes('worker-threads') &&
      repeat < repeatsOf('worker-threads', settings)
    ) {
      const run = async () => void parallelMs.push(await limitByProcesses(shares, settings, stage));
      const doing = `the limit by separate processes, ${turn}`;
      steps.push({ doing, estimateMs: estimateMs('worker-threads', settings), run });
    }
  }
  await runSteps(steps, settings.job, { signal, onProgress });
  return comparisonOf(settings, results, { parallelMs, processes: shares.length, mockCostMs });
}

/** What all trials of a comparison stand on. */
interface Stage extends AsyncDisposable {
  readonly ground: Ground;
  readonly api: RunningApi | undefined;
  readonly signal: AbortSignal | undefined;
}

async function setUp(settings: ComparisonSettings, signal: AbortSignal | undefined): Promise<Stage> {
  await using resources = new AsyncDisposableStack();
  const needsServer = !isCpu(settings) && settings.network === 'loopback';
  const api = needsServer ? resources.use(await startApi(settings.conditions, { signal })) : undefined;
  let folder = '';
  if (settings.job === 'save-order') {
    folder = await mkdtemp(join(tmpdir(), 'async-workbench-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
  }
  const rounds = isCpu(settings) ? calibrate(settings.costMs) : 0;
  const owned = resources.move();
  return {
    ground: { origin: api?.origin ?? '', folder, rounds },
    api,
    signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function runTrial(
  approach: ApproachName,
  settings: ComparisonSettings,
  { ground, api, signal }: Stage,
): Promise<TrialResult> {
  try {
    await using trial = await startTrial(trialSettings(approach, settings, ground), signal);
    await api?.resetStats();
    const measurement = await trial.run();
    return { measurement, stats: measurement.stats ?? (await api?.stats()) ?? NOTHING_SEEN };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ChildError)) throw error;
    return { error: error.message };
  }
}

const NOTHING_SEEN: Stats = { started: 0, completed: 0, aborted: 0, inFlight: 0, peakInFlight: 0 };

/** Fills the compile cache for the modules that threads load: the first thread to need one pays for all. */
async function rehearse(settings: ComparisonSettings, stage: Stage): Promise<void> {
  const threaded = settings.approaches.filter((name) => name === 'blocking' || name === 'worker-threads');
  const small = { ...settings, requests: 1, threads: 1 };
  await Promise.all(threaded.map((approach) => runTrial(approach, small, stage)));
}

/** What one request costs client and server when the kitchen takes no time, in milliseconds. */
async function priceOfMock(
  settings: ComparisonSettings,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const instant: ComparisonSettings = {
    ...settings,
    job: 'fetch-order',
    requests: MOCK_REQUESTS,
    conditions: INSTANT,
    retryBudget: 0,
  };
  await using stage = await setUp(instant, signal);
  const result = await runTrial('sequential', instant, stage);
  return 'error' in result ? null : median(result.measurement.timesMs) / MOCK_REQUESTS;
}

/** As many tasks in a process for each of `shares`. In milliseconds. */
async function limitByProcesses(
  shares: readonly number[],
  settings: ComparisonSettings,
  { ground, signal }: Stage,
): Promise<number> {
  const trials = shares.map((requests) => trialSettings('sequential', { ...settings, requests }, ground));
  return splitOverProcesses(trials, signal);
}
