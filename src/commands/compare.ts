// `compare`: from the options of the command line to comparisons, and from these to text or JSON.
import { availableParallelism } from 'node:os';
import type { Stoves } from '../api/limits.ts';
import { needsLoopback } from '../api/faults.ts';
import { usualApproaches, type ApproachName } from '../running/registry.ts';
import { outputIsNotAll, type Result } from '../command-line.ts';
import { print, printPieces } from '../output.ts';
import { printable } from '../printable.ts';
import type { JobName, Network } from '../jobs/job.ts';
import { JOBS } from '../jobs/open.ts';
import { compare } from '../measure/compare.ts';
import { hasLimits, isLeftOut, isMeasured, type Comparison } from '../measure/comparison.ts';
import { environment } from '../measure/environment.ts';
import { watchOthers } from '../measure/others.ts';
import type { ComparisonSettings } from '../measure/plan.ts';
import { planThreads, type ThreadPlan } from '../measure/threads.ts';
import { progressLine } from '../progress.ts';
import { adviceFor, adviceText } from '../report/advice.ts';
import { claimsOf, claimsText } from '../report/claims.ts';
import { comparisonText } from '../report/compare.ts';
import { runAdvice } from '../report/run-advice.ts';
import type { RunDocument } from '../report/document.ts';
import { jsonPieces } from '../files/json-pieces.ts';
import { busyLine, environmentLines } from '../report/machine.ts';
import { paintFor, WIDTH, wrapped } from '../report/paint.ts';
import { checkTargets, saveTargets } from '../files/targets.ts';
import { planOwn, type CompareOwnFlags, type PlanOptions } from './compare-own.ts';
import { conditionsOf, type ConditionFlags } from './condition-flags.ts';
import { expectOneApi, expectOneKitchen, expectPace } from './options.ts';
import { queueAtFor, workersFor } from './queue-flags.ts';
import { documentAt, targetsOf, tellSaved } from './report-files.ts';
import type { ReportFlags } from './report-options.ts';

export interface CompareFlags extends ReportFlags, CompareOwnFlags, ConditionFlags {
  readonly cost: number;
  readonly network: Network;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly save?: string;
}

/**
 * The job that computes comes first, because it is measured faster: there is something to read within a few seconds. The two
 * comparisons that ask the API follow.
 */
const DEFAULT_JOBS: readonly JobName[] = ['price-order', 'fetch-order'];

/** `job` is the name of one, or a module; `isTyped` says of an option whether its value is not just the default. */
export async function runCompare(
  signal: AbortSignal,
  job: string | undefined,
  flags: CompareFlags,
  isTyped: (option: string) => boolean,
): Promise<Result> {
  const { save, force = false, verbose = false } = flags;
  const targets = [...(save === undefined ? [] : [documentAt(save)]), ...(await targetsOf(flags))];
  if (targets.length > 0) outputIsNotAll();
  await checkTargets(targets, force);
  const comparisons: Comparison[] = [];
  const paint = paintFor(process.stdout);
  let takenByOthers = 0;
  let isDoubted = false;
  {
    using progress = progressLine();
    const plans = await settingsFor(job, flags, { signal, isTyped, say });
    if (plans.length === 0) return 'done';
    const queueAt = await queueAtFor(plans, flags.database);
    for (const asked of plans) {
      const { threads, note } = threadsFor(asked, flags.threads !== undefined);
      if (note !== undefined) process.stderr.write(`${note}\n`);
      const others = watchOthers();
      const priceMock = comparisons.every(({ kind }) => kind !== 'io');
      const options = { signal, onProgress: progress.show, priceMock };
      const comparison = await compare({ ...asked, ...queueAt, threads }, options);
      comparisons.push(comparison);
      const taken = await others.stop();
      takenByOthers = Math.max(takenByOthers, taken);
      progress.clear();
      if (flags.json) continue;
      const explain = comparisons.length === 1;
      const doubt = busyLine({ takenByOthers: taken });
      print([...comparisonText(comparison, { paint, verbose, explain, doubt, isDoubted }), '']);
      isDoubted ||= doubt !== undefined;
      if (comparison.kind === 'own') print([...adviceText(adviceFor(comparison), paint), '']);
    }
  }
  const here = { ...environment(), takenByOthers };
  const claims = claimsOf(comparisons);
  const run: RunDocument = { environment: here, comparisons, claims };
  // The files first: what was measured is kept, whatever becomes of the output.
  const saved = await saveTargets(targets, run, force);
  if (flags.json) {
    await printPieces(jsonPieces(run));
  } else {
    const [machine, packages] = environmentLines(here);
    const where = (verbose ? [machine, packages] : [machine]).flatMap((line) => wrapped(line, WIDTH));
    const told = claimsText(claims, { paint, verbose });
    const advised = runAdvice(comparisons);
    if (advised !== undefined) print(wrapped(advised, WIDTH).map((line) => paint('bold', line)));
    print([...told, ...where.map((line) => paint('dim', line))]);
  }
  if (!flags.json && saved.lines.length > 0) print(['']);
  const told = tellSaved(flags.json ? { ...saved, lines: [] } : saved);
  // Failures that were asked for are a result, as long as something succeeded; others are not.
  const isResult = (comparison: Comparison) => {
    const askedForFailures =
      comparison.kind === 'io' && (comparison.faults !== undefined || hasLimits(comparison));
    return comparison.rows
      .filter((row) => !isLeftOut(row))
      .every((row) => isMeasured(row) && (askedForFailures ? row.succeeded > 0 : row.failed === 0));
  };
  return told === 'done' && comparisons.every(isResult) ? 'done' : 'failed';

  /** What must be known before it happens. With `--json` stdout has one document and nothing else. */
  function say(line: string): void {
    const lines = wrapped(line, WIDTH);
    if (flags.json) process.stderr.write(printable(`${lines.join('\n')}\n`));
    else print(lines);
  }
}

/** What is to be compared; nothing where a plan was all that was asked for. */
async function settingsFor(
  job: string | undefined,
  flags: CompareFlags,
  options: PlanOptions,
): Promise<readonly ComparisonSettings[]> {
  if (job === undefined) return settingsOfRun(flags);
  if (Object.hasOwn(JOBS, job)) return [settingsOf(job as JobName, flags)];
  const plan = await planOwn(job, flags, options);
  if (plan && !flags.json) print(['']);
  return plan ? [plan] : [];
}

/** What is compared if nobody names a job. */
export const settingsOfRun = (flags: CompareFlags): readonly ComparisonSettings[] => [
  ...DEFAULT_JOBS.map((name) => settingsOf(name, flags)),
  ...atLimits(flags),
];

/** Fewer stoves than the pool has lanes, and a queue that is too short for all requests at once. */
const FEW_STOVES: Stoves = { count: 5, queue: 5 };
/** They show what to take at an API with limits: all at once, a fixed number at once, or as many as the API takes. */
const AT_LIMITS: readonly ApproachName[] = ['promise-all', 'bounded-pool', 'adaptive'];

/** The same requests again, at an API that takes only so many; none where the API was given limits already. */
function atLimits(flags: CompareFlags): readonly ComparisonSettings[] {
  if (flags.stoves || flags.rate || flags.approach?.every((name) => !AT_LIMITS.includes(name))) return [];
  const approach = AT_LIMITS.filter((name) => flags.approach?.includes(name) ?? true);
  return [settingsOf('fetch-order', { ...flags, approach, stoves: FEW_STOVES })];
}

/** As many threads as were asked for, if the machine can carry them. */
function threadsFor({ approaches, threads }: ComparisonSettings, isExplicit: boolean): ThreadPlan {
  if (!approaches.includes('worker-threads')) return { threads };
  const machine = { cores: availableParallelism(), freeBytes: process.availableMemory() };
  return planThreads(threads, isExplicit, machine);
}

export function settingsOf(job: JobName, flags: CompareFlags): ComparisonSettings {
  const { requests, concurrency, stoves, rate, repeats } = flags;
  const limits = job === 'price-order' ? {} : { ...(stoves && { stoves }), ...(rate && { rate }) };
  const { approach = usualApproaches(limits) } = flags;
  const pace = approach.includes('paced') ? (flags.pace ?? rate?.perSecond) : undefined;
  expectPace(approach, pace);
  const asked = {
    approaches: [...new Set(approach)],
    requests,
    concurrency,
    ...(pace !== undefined && { pace }),
    repeats,
  };
  if (job === 'price-order') {
    return {
      kind: 'cpu',
      job,
      ...asked,
      threads: flags.threads ?? availableParallelism(),
      ...workersFor('computes', asked, flags.workers),
      costMs: flags.cost,
    };
  }
  const network = needsLoopback(flags.faults) ? 'loopback' : flags.network;
  expectOneApi(approach, network);
  expectOneKitchen(approach, network, limits);
  return {
    kind: 'io',
    job,
    ...asked,
    threads: flags.threads ?? Math.min(concurrency, requests),
    ...workersFor('waits', asked, flags.workers),
    conditions: conditionsOf(flags),
    network,
    timeoutMs: flags.timeout,
    retryBudget: flags.retries,
  };
}
